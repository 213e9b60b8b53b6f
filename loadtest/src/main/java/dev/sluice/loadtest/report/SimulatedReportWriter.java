package dev.sluice.loadtest.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writer of the files of a report on runs in virtual time into one folder. */
public final class SimulatedReportWriter {
  private SimulatedReportWriter() {}

  /** Writes {@code report.json} and {@code report.html}. */
  public static void write(Path folder, SimulatedReport report) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.json"), new SimulatedJson(report).render());
    Files.writeString(folder.resolve("report.html"), new SimulatedHtmlReport(report).render());
  }
}
