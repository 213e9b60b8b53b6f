package dev.sluice.loadtest.report.compare;

import static dev.sluice.loadtest.report.SimulatedFixtures.BLIND;
import static dev.sluice.loadtest.report.SimulatedFixtures.SHARP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.report.ClientHealth;
import dev.sluice.loadtest.report.ReportFixtures;
import dev.sluice.loadtest.report.ReportWriter;
import dev.sluice.loadtest.report.RequestResult;
import dev.sluice.loadtest.report.RunReport;
import dev.sluice.loadtest.report.SimulatedFixtures;
import dev.sluice.loadtest.report.SimulatedFixtures.Toy;
import dev.sluice.loadtest.report.SimulatedReportWriter;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ComparisonTest {
  private static final long MILLISECOND = ReportFixtures.MILLISECOND;
  private static final Comparison.Question ATTAINMENT =
      new Comparison.Question(Metric.ATTAINMENT, Selection.ALL, OptionalDouble.empty());

  @TempDir Path folder;

  @Test
  void aReportIsNotWorseThanItselfWhateverItTells() throws Exception {
    Path simulated = simulated("simulated", SHARP, 1);
    assertThat(compare(simulated, simulated).render())
        .contains("paired by request, 20 batches of time")
        .contains("sharp at 1×: cannot tell, attainment +0.00 points");
    Files.delete(simulated.resolve("outcomes-sharp-seed1-x1.csv"));
    assertThat(compare(simulated, simulated).render())
        .contains("paired by time, 20 batches of the reports' time slices")
        .contains("cannot tell, attainment +0.00 points");
    Path live = live("live", ReportFixtures::completed);
    assertThat(compare(live, live).render())
        .contains("paired by request")
        .contains("live host:1: cannot tell, attainment +0.00 points");
    assertThat(compare(live, live).worse()).isFalse();
  }

  @Test
  void aWorsePolicyIsCalledWorseAndTheOtherWayRoundBetter() throws Exception {
    Path sharp = simulated("a", SHARP, 1);
    Path blind = simulated("b", new Toy("sharp", 0.5, 0.5), 1);
    Comparison worse = compare(sharp, blind);
    assertThat(worse.worse()).isTrue();
    assertThat(worse.render())
        .containsPattern("sharp at 1×: worse, attainment -1\\d\\.\\d\\d point");
    Comparison better = compare(blind, sharp);
    assertThat(better.worse()).isFalse();
    assertThat(better.render()).contains("sharp at 1×: better, attainment +1");
  }

  @Test
  void slicesAloneFindTheDifference() throws Exception {
    Path sharp = folder.resolve("a");
    Path blind = folder.resolve("b");
    SimulatedReportWriter.write(
        sharp, SimulatedFixtures.report(List.of(SHARP), List.of(1L), List.of(1.0)));
    SimulatedReportWriter.write(
        blind, SimulatedFixtures.report(List.of(BLIND), List.of(1L), List.of(1.0)));
    Comparison comparison = compare(sharp, blind);
    assertThat(comparison.worse()).isTrue();
    assertThat(comparison.render())
        .contains("sharp at 1× against blind at 1×")
        .contains("paired by time, 20 batches of the reports' time slices")
        .containsPattern("TTFT p50 ms .*cannot tell");
  }

  @Test
  void countsAloneGiveAnIntervalOfTheAttainmentOnly() throws Exception {
    Path first = write("a", minimal("sharp", 0.95));
    Path second = write("b", minimal("sharp", 0.90));
    Comparison comparison = compare(first, second);
    assertThat(comparison.worse()).isTrue();
    assertThat(comparison.render())
        .contains("from counts, as if requests were independent")
        // Newcombe's interval for 1900 and 1800 of 2000
        .containsPattern("-5.00 points +-6.64 … -3.38 points +worse");
    assertThat(compare(first, write("c", minimal("sharp", 0.945))).worse()).isFalse();
  }

  @Test
  void fiveSeedsArePairedOneByOne() throws Exception {
    List<Long> seeds = List.of(1L, 2L, 3L, 4L, 5L);
    Path sharp = folder.resolve("a");
    Path slightlyBlind = folder.resolve("b");
    SimulatedReportWriter.write(
        sharp, SimulatedFixtures.report(List.of(SHARP), seeds, List.of(1.0)));
    SimulatedReportWriter.write(
        slightlyBlind,
        SimulatedFixtures.report(List.of(new Toy("sharp", 0.9, 0)), seeds, List.of(1.0)));
    Comparison comparison = compare(sharp, slightlyBlind);
    assertThat(comparison.render()).contains("paired by seed, 5 seeds");
    assertThat(comparison.worse()).isTrue();
  }

  @Test
  void onlyCommonSeedsAreCompared() throws Exception {
    Path first = folder.resolve("a");
    SimulatedReportWriter.write(
        first, SimulatedFixtures.report(List.of(SHARP), List.of(1L, 2L), List.of(1.0)));
    Path second = folder.resolve("b");
    SimulatedReportWriter.write(
        second, SimulatedFixtures.report(List.of(SHARP), List.of(2L, 3L), List.of(1.0)));
    assertThat(compare(first, second).render())
        .contains("paired by time")
        .contains("attainment +0.00 points (95 % interval +0.00 … +0.00 points)");
  }

  @Test
  void otherRequestsAreNotPaired() throws Exception {
    String text = compare(simulated("a", SHARP, 1), simulated("b", SHARP, 2)).render();
    assertThat(text)
        .contains("not the same requests, 20 batches of time; as many as ")
        .contains("sharp at 1×: cannot tell");
  }

  @Test
  void policiesArePairedByNameAndRateAndJudgedTogether() throws Exception {
    List<Double> rates = List.of(1.0, 1.25);
    Path first = folder.resolve("a");
    SimulatedReportWriter.write(
        first, SimulatedFixtures.report(List.of(SHARP, BLIND), List.of(1L), rates));
    Path second = folder.resolve("b");
    SimulatedReportWriter.write(
        second,
        SimulatedFixtures.report(List.of(BLIND, new Toy("sharp", 0.5, 0.5)), List.of(1L), rates));
    Comparison comparison = compare(first, second);
    assertThat(comparison.worse()).isTrue();
    assertThat(comparison.render())
        .contains("attainment decides, its 4 intervals hold together")
        .contains("sharp at 1×: worse", "sharp at 1.25×: worse")
        .contains("blind at 1×: cannot tell", "blind at 1.25×: cannot tell");
    Selection blind =
        new Selection(Optional.of("blind"), Optional.of("blind"), OptionalDouble.of(1.25));
    Comparison selected =
        compare(
            first,
            second,
            new Comparison.Question(Metric.ATTAINMENT, blind, OptionalDouble.empty()));
    assertThat(selected.worse()).isFalse();
    assertThat(selected.render()).contains("blind at 1.25×").doesNotContain("sharp", "blind at 1×");
  }

  @Test
  void twoPoliciesOfOneReportAreCompared() throws Exception {
    Path both = folder.resolve("both");
    SimulatedFixtures.write(both, List.of(SHARP, BLIND), List.of(1L), List.of(1.0));
    Selection selection =
        new Selection(Optional.of("blind"), Optional.of("sharp"), OptionalDouble.empty());
    Comparison comparison =
        compare(
            both,
            both,
            new Comparison.Question(Metric.ATTAINMENT, selection, OptionalDouble.empty()));
    assertThat(comparison.render())
        .contains("blind at 1× against sharp at 1×", "paired by request", "sharp at 1×: better");
  }

  @Test
  void anotherMetricMayDecide() throws Exception {
    Path fast = live("a", ReportFixtures::completed);
    Path slow = live("b", request -> ReportFixtures.completed(request, 0, 130 * MILLISECOND));
    assertThat(compare(fast, slow).worse()).isFalse();
    Comparison.Question ttft =
        new Comparison.Question(Metric.TTFT_P99, Selection.ALL, OptionalDouble.empty());
    Comparison comparison = compare(fast, slow, ttft);
    assertThat(comparison.worse()).isTrue();
    assertThat(comparison.render())
        .contains("live host:1: worse, ttft_p99 +30.00 % (95 % interval +30.00 … +30.00 %)");
  }

  @Test
  void aLiveRunIsHeldAgainstItsSimulation() throws Exception {
    Path live = live("live", ReportFixtures::completed);
    Path near = write("near", minimal("sharp", 1).replace("P50", "104").replace("P99", "104"));
    Comparison.Question within =
        new Comparison.Question(Metric.ATTAINMENT, Selection.ALL, OptionalDouble.of(0.05));
    Comparison close = compare(live, near, within);
    assertThat(close.worse()).isFalse();
    assertThat(close.render())
        .contains("live host:1 against sharp at 1×", "every quantile within 5 %")
        .containsPattern("TTFT p50 ms +100.0 +104.0 +\\+4.00 %");
    Path far = write("far", minimal("sharp", 1).replace("P50", "104").replace("P99", "106"));
    Comparison distant = compare(live, far, within);
    assertThat(distant.worse()).isTrue();
    assertThat(distant.render()).contains("beyond 5 %: ttft_p99 +6.00 %");
  }

  @Test
  void amongSeveralPoliciesOneMustBeChosenForALiveRun() throws Exception {
    Path live = live("live", ReportFixtures::completed);
    Path both = folder.resolve("both");
    SimulatedFixtures.write(both, List.of(SHARP, BLIND), List.of(1L), List.of(1.0));
    assertThatThrownBy(() -> compare(live, both))
        .isInstanceOf(ReportException.class)
        .hasMessage(
            both.resolve("report.json")
                + ": sharp at 1×, blind at 1× (expected: one, chosen by policy and rate)");
  }

  @Test
  void theFaultsOfAnInvalidRunAreTold() throws Exception {
    ClientHealth busy = new ClientHealth(List.of(), 0, 0.9, 0, false);
    Path invalid = folder.resolve("invalid");
    ReportWriter.write(
        new RunReport(ReportFixtures.run(20, busy, ReportFixtures::completed)), invalid);
    assertThat(compare(invalid, invalid).render())
        .contains("INVALID: client used 90 % of the machine's CPU");
  }

  @Test
  void reportsWithNothingInCommonAreNotCompared() throws Exception {
    Path first = simulated("a", SHARP, 1);
    Path both = folder.resolve("both");
    SimulatedFixtures.write(both, List.of(BLIND, new Toy("dull", 0, 0)), List.of(1L), List.of(1.0));
    assertThatThrownBy(() -> compare(first, both))
        .isInstanceOf(ReportException.class)
        .hasMessageStartingWith("nothing in common: ")
        .hasMessageEndingWith(
            "has blind at 1×, dull at 1× (expected: a policy at the same rate in both)");
    Selection unknown =
        new Selection(Optional.empty(), Optional.of("nobody"), OptionalDouble.empty());
    assertThatThrownBy(
            () ->
                compare(
                    first,
                    both,
                    new Comparison.Question(Metric.ATTAINMENT, unknown, OptionalDouble.empty())))
        .hasMessage(
            both.resolve("report.json") + ": no run of policy nobody at rate any (expected: one)");
  }

  @Test
  void aMetricThatAReportDoesNotTellCannotDecide() throws Exception {
    Path first = write("a", minimal("sharp", 0.9).replace("P99", "null"));
    Comparison.Question ttft =
        new Comparison.Question(Metric.TTFT_P99, Selection.ALL, OptionalDouble.empty());
    assertThatThrownBy(() -> compare(first, first, ttft))
        .isInstanceOf(ReportException.class)
        .hasMessage(
            first.resolve("report.json")
                + ": no ttft_p99 (expected: one, from a run with enough requests)");
  }

  private Path simulated(String name, Toy toy, long seed) throws IOException {
    Path to = folder.resolve(name);
    SimulatedFixtures.write(to, List.of(toy), List.of(seed), List.of(1.0));
    return to;
  }

  private Path live(String name, Function<ScheduledRequest, RequestResult> results)
      throws IOException {
    Path to = folder.resolve(name);
    ReportWriter.write(new RunReport(ReportFixtures.run(20, ClientHealth.PERFECT, results)), to);
    return to;
  }

  /** A report with no more fields than the least that one must have. */
  static String minimal(String policy, double attainment) {
    return """
    {"schema":"sluice.report/1","kind":"simulated",
     "trace":{"file":"x.csv","sha256":"%s","requests":2000,"span_s":100},
     "policies":[{"policy":"%s","seed":1,"requests":2000,"attainment":%s,
       "attainment_by_class":{"chat":%s},"goodput_rps":19,
       "ttft_ms":{"p50":P50,"p90":100,"p99":P99},"tpot_ms":{"p50":5,"p90":5,"p99":5},
       "refused":0,"cost_usd":2,"energy_j":100,"by_accelerator":{"GPU":1},
       "simulated_s":101,"wall_s":0.1}]}
    """
        .formatted("a".repeat(64), policy, attainment, attainment);
  }

  private Path write(String name, String json) throws IOException {
    Path to = folder.resolve(name);
    Files.createDirectories(to);
    Files.writeString(to.resolve("report.json"), json.replace("P50", "100").replace("P99", "100"));
    return to;
  }

  private static Comparison compare(Path first, Path second) throws IOException, ReportException {
    return compare(first, second, ATTAINMENT);
  }

  private static Comparison compare(Path first, Path second, Comparison.Question question)
      throws IOException, ReportException {
    return Comparison.of(ReportFile.read(first), ReportFile.read(second), question);
  }
}
