package dev.sluice.loadtest.report.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.sluice.loadtest.report.ClientHealth;
import dev.sluice.loadtest.report.ReportFixtures;
import dev.sluice.loadtest.report.ReportWriter;
import dev.sluice.loadtest.report.RunReport;
import dev.sluice.loadtest.report.SimulatedFixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReportFileTest {
  @TempDir Path folder;

  @Test
  void aReportIsReadFromItsFileOrItsFolder() throws Exception {
    SimulatedFixtures.write(
        folder, List.of(SimulatedFixtures.SHARP), List.of(1L, 2L), List.of(1.0, 1.5));
    ReportFile report = ReportFile.read(folder);
    assertThat(report.live()).isFalse();
    assertThat(report.runs()).hasSize(4);
    assertThat(ReportFile.read(folder.resolve("report.json")).runs()).isEqualTo(report.runs());
    LoadedRun run = report.runs().get(3);
    assertThat(run.identity().name()).isEqualTo("sharp");
    assertThat(run.identity().seed()).isEqualTo(2);
    assertThat(run.identity().rateScale()).isEqualTo(1.5);
    assertThat(run.outcomes()).contains(folder.resolve("outcomes-sharp-seed2-x1.5.csv"));
    assertThat(run.slices().stream().mapToDouble(LoadedRun.Slice::requests).sum()).isEqualTo(4_000);
  }

  @Test
  void theFileOfRequestsAgreesWithTheFigures() throws Exception {
    SimulatedFixtures.write(folder, List.of(SimulatedFixtures.BLIND), List.of(1L), List.of(1.5));
    LoadedRun run = ReportFile.read(folder).runs().getFirst();
    Sample sample = OutcomeFile.read(run.outcomes().orElseThrow(), run.requests());
    assertThat(Batches.met(List.of(sample)).ratio())
        .isCloseTo(run.figure(Metric.ATTAINMENT), within(1e-6));
    for (Metric metric : List.of(Metric.TTFT_P50, Metric.TPOT_P50)) {
      double exact = 1e3 * new SortedTimes(List.of(sample), metric).quantile(metric.probability());
      assertThat(run.figure(metric)).isCloseTo(exact, withinPercentage(0.2));
    }
    assertThat(run.figure(Metric.TTFT_P99)).isInfinite();
  }

  @Test
  void aLiveReportIsReadFromTheIntendedTime() throws Exception {
    ReportWriter.write(
        new RunReport(
            ReportFixtures.run(
                20,
                ClientHealth.PERFECT,
                request ->
                    ReportFixtures.completed(
                        request,
                        10 * ReportFixtures.MILLISECOND,
                        100 * ReportFixtures.MILLISECOND))),
        folder);
    LoadedRun run = ReportFile.read(folder).runs().getFirst();
    assertThat(run.figure(Metric.TTFT_P50)).isEqualTo(110);
    assertThat(run.figure(Metric.TPOT_P99)).isEqualTo(5);
    Sample sample = OutcomeFile.read(run.outcomes().orElseThrow(), run.requests());
    assertThat(sample.time(Metric.TTFT_P50, 17)).isCloseTo(0.11, within(1e-9));
    assertThat(sample.time(Metric.TPOT_P50, 17)).isCloseTo(0.005, within(1e-9));
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ReportFile.read(folder.resolve("nowhere.json")))
        .isInstanceOf(ReportException.class)
        .hasMessage(
            folder.resolve("nowhere.json")
                + ": no such file (expected: a report.json or the folder that it lies in)");
    assertThatThrownBy(() -> ReportFile.read(folder))
        .hasMessageStartingWith(folder.resolve("report.json") + ": no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "so so | : not JSON: ",
        "[1] | : not a JSON object (expected: a report)",
        "{} | : schema \"\" (expected: sluice.report/1)",
        "{'schema':'other/7'} | : schema \"other/7\" (expected: sluice.report/1)",
        "{'schema':'sluice.report/1'} | : kind \"\" (expected: live or simulated)",
        "{'schema':'sluice.report/1','kind':'live'} | : no number at /totals/attained",
        "{'schema':'sluice.report/1','kind':'simulated'} | : no policies (expected: one or more)",
        "{'schema':'sluice.report/1','kind':'simulated','policies':[{'requests':5}]} | : no number"
            + " at /attainment",
      })
  void whatIsNoReportIsNamedWithItsFile(String content, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), content.replace('\'', '"'));
    assertThatThrownBy(() -> ReportFile.read(file))
        .isInstanceOf(ReportException.class)
        .hasMessageStartingWith(file + message);
  }

  @Test
  void aFileOfRequestsThatDoesNotBelongToTheReportIsNamed() throws Exception {
    Path file = folder.resolve("outcomes.csv");
    Files.writeString(file, "id,arrival_s,output_tokens,ttft_s,tpot_s,total_s,met,cost_usd\n");
    assertThatThrownBy(() -> OutcomeFile.read(file, 7))
        .hasMessage(file + ": 0 requests (expected: 7, as in the report)");
    Files.writeString(
        file,
        """
        id,arrival_s,output_tokens,ttft_s,tpot_s,total_s,met,cost_usd
        0,soon,5,0.1,0.01,0.2,1,0.1
        """);
    assertThatThrownBy(() -> OutcomeFile.read(file, 1))
        .hasMessage(file + ":2: arrival_s: soon (expected: a number)");
    Files.writeString(file, "id,arrival_s\n0,1\n1,2\n");
    assertThatThrownBy(() -> OutcomeFile.read(file, 2))
        .hasMessage(file + ":2: no output_tokens (expected: one)");
    Files.writeString(file, "a,b\n1,2\n");
    assertThatThrownBy(() -> OutcomeFile.read(file, 1))
        .hasMessageStartingWith(file + ": no column arrival_s or intended_ns");
  }
}
