package dev.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EvaluateCommandTest {

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path trace = Path.of("");

  @BeforeEach
  void writeTrace() throws IOException {
    StringBuilder csv = new StringBuilder("TIMESTAMP,ContextTokens,GeneratedTokens\n");
    for (int i = 0; i < 600; i++) {
      csv.append(
          "2023-11-16 18:%02d:%02d.0000000,%d,%d\n"
              .formatted(i / 60, i % 60, 100 + 37 * i % 900, 5 + 11 * i % 300));
    }
    trace = Files.writeString(folder.resolve("small.csv"), csv);
  }

  @Test
  void forecastsAreScoredOnATrace() throws IOException {
    Path reports = folder.resolve("reports");
    int code =
        execute(
            "evaluate",
            trace.toString(),
            "--setting",
            "pilot,as believed",
            "--out",
            reports.toString());
    assertThat(code).as("%s", err).isEqualTo(ExitCodes.PASSED);
    assertThat(out.toString())
        .contains("pilot on small.csv")
        .contains("as believed on small.csv")
        .contains("learned", "physics", "ewma", "climatology", "TTFT", "TPOT");
    assertThat(Files.readAllLines(reports.resolve("scores.csv")))
        .allSatisfy(line -> assertThat(line.split(",(?=([^\"]*\"[^\"]*\")*[^\"]*$)")).hasSize(15))
        .anyMatch(line -> line.startsWith("small.csv,pilot,learned,TTFT,\"all\""));
    assertThat(Files.readAllLines(reports.resolve("reliability.csv")))
        .hasSizeGreaterThan(10)
        .startsWith("trace,setting,forecaster,quantity,group,asked,promised,kept");
  }

  @Test
  void aSettingThatDoesNotExistIsRefusedWithThoseThatDo() {
    assertThat(execute("evaluate", trace.toString(), "--setting", "wishful"))
        .isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("setting: wishful (expected: one of [pilot, as believed");
  }

  @Test
  void aRouterThatDoesNotExistIsRefused() {
    assertThat(execute("evaluate", trace.toString(), "--router", "magic"))
        .isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("policy: magic");
  }

  private int execute(String... arguments) {
    return LoadMain.execute(new PrintWriter(out), new PrintWriter(err), arguments);
  }
}
