package dev.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.SimulatedFixtures;
import dev.sluice.loadtest.report.SimulatedFixtures.Toy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompareCommandTest {
  @TempDir Path folder;
  private final StringWriter stdout = new StringWriter();
  private final StringWriter stderr = new StringWriter();

  @Test
  void aWorseReportExitsWithFive() throws IOException {
    Path sharp = report("sharp", SimulatedFixtures.SHARP);
    Path blind = report("blind", SimulatedFixtures.BLIND);
    assertThat(compare(sharp, blind)).isEqualTo(ExitCodes.WORSE).isEqualTo(5);
    assertThat(stdout.toString())
        .contains("A  " + sharp.resolve("report.json") + ", simulated")
        .contains("95 % interval", "TTFT p99 ms", "blind at 1×: worse, attainment -");
    assertThat(compare(blind, sharp)).isEqualTo(ExitCodes.PASSED);
    assertThat(compare(sharp, sharp)).isEqualTo(ExitCodes.PASSED);
  }

  @Test
  void quantilesThatAreTooFarAwayExitWithFive() throws IOException {
    Path first = report("sharp", SimulatedFixtures.SHARP);
    Path second = report("less-sharp", new Toy("sharp", 0.95, 0));
    assertThat(compare(first, first, "--within", "0%")).isEqualTo(ExitCodes.PASSED);
    assertThat(compare(first, second, "--within", "0.1%")).isEqualTo(ExitCodes.WORSE);
    assertThat(stdout.toString()).contains("every quantile within 0 %", "beyond 0.1 %: ");
  }

  @Test
  void policiesAndRatesAreChosen() throws IOException {
    Path both = folder.resolve("both");
    SimulatedFixtures.write(
        both,
        List.of(SimulatedFixtures.SHARP, SimulatedFixtures.BLIND),
        List.of(1L),
        List.of(1.0, 1.25));
    assertThat(
            compare(
                both,
                both,
                "--policy-a",
                "sharp",
                "--policy-b",
                "blind",
                "--rate-scale",
                "1.25",
                "--metric",
                "goodput"))
        .isEqualTo(ExitCodes.WORSE);
    assertThat(stdout.toString()).contains("blind at 1.25×: worse, goodput -");
    assertThat(compare(both, both, "--policy", "blind")).isEqualTo(ExitCodes.PASSED);
  }

  @Test
  void whatCannotBeComparedExitsWithOneAndNamesTheFile() throws IOException {
    Path sharp = report("sharp", SimulatedFixtures.SHARP);
    Path nowhere = folder.resolve("nowhere");
    assertThat(compare(sharp, nowhere)).isEqualTo(ExitCodes.ERROR).isEqualTo(1);
    assertThat(stderr.toString()).contains("error: " + nowhere + ": no such file");
    Path text = Files.writeString(folder.resolve("text.json"), "so so");
    assertThat(compare(text, sharp)).isEqualTo(ExitCodes.ERROR);
    assertThat(stderr.toString()).contains("error: " + text + ": not JSON");
    assertThat(stdout.toString()).isEmpty();
  }

  @Test
  void wrongOptionsExitWithOne() throws IOException {
    Path sharp = report("sharp", SimulatedFixtures.SHARP);
    assertThat(compare(sharp, sharp, "--metric", "speed")).isEqualTo(ExitCodes.ERROR);
    assertThat(stderr.toString())
        .contains("metric: speed (expected: one of attainment, goodput, ttft_p50");
    assertThat(compare(sharp, sharp, "--within", "much")).isEqualTo(ExitCodes.ERROR);
    assertThat(stderr.toString()).contains("within: much (expected: 5% or 0.05)");
    assertThat(compare(sharp, sharp, "--within", "-5%")).isEqualTo(ExitCodes.ERROR);
    assertThat(execute("compare", sharp.toString())).isEqualTo(ExitCodes.ERROR);
  }

  @Test
  void theHelpTellsTheExitCodes() {
    assertThat(execute("compare", "--help")).isEqualTo(ExitCodes.PASSED);
    assertThat(stdout.toString()).contains("--within=P%", "5   B is worse");
  }

  private Path report(String name, Toy toy) throws IOException {
    Path to = folder.resolve(name);
    SimulatedFixtures.write(to, List.of(toy), List.of(1L), List.of(1.0));
    return to;
  }

  private int compare(Path first, Path second, String... more) {
    return execute(
        Stream.concat(Stream.of("compare", first.toString(), second.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  private int execute(String... arguments) {
    return LoadMain.execute(
        new PrintWriter(stdout, true), new PrintWriter(stderr, true), arguments);
  }
}
