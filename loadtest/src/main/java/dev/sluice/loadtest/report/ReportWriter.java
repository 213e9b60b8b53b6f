package dev.sluice.loadtest.report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writer of all files of a report into one folder. */
public final class ReportWriter {
  private ReportWriter() {}

  /**
   * Writes {@code report.json}, {@code report.html}, {@code outcomes.csv} and {@code latency.hlog}.
   */
  public static void write(RunReport report, Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("report.json"), new JsonReport(report).render());
    Files.writeString(folder.resolve("report.html"), new HtmlReport(report).render());
    try (Writer out = Files.newBufferedWriter(folder.resolve("outcomes.csv"))) {
      OutcomeCsv.write(report.run(), out);
    }
    try (PrintStream out =
        new PrintStream(
            Files.newOutputStream(folder.resolve("latency.hlog")), false, StandardCharsets.UTF_8)) {
      HistogramLog.write(report, out);
    }
  }
}
