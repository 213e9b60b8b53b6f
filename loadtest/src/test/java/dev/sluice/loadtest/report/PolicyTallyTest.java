package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.loadtest.report.PolicyResult.Counts;
import dev.sluice.loadtest.report.PolicyResult.Lengths;
import dev.sluice.loadtest.report.SimulatedOutcome.Arrival;
import dev.sluice.loadtest.report.SimulatedOutcome.Fate;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PolicyTallyTest {
  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000_000_000;

  private final PolicyTally tally =
      new PolicyTally(new PolicyRun("any", 1, 1), List.of("chat", "coding"));

  @Test
  void refusalsAndFailuresCountAsMisses() {
    tally.add(completed(0, "chat", 100, true));
    tally.add(completed(1, "chat", 900, false));
    tally.add(failed(2, "coding", Outcome.REFUSED));
    tally.add(failed(3, "coding", Outcome.EXPIRED));
    PolicyResult result = result();
    assertThat(result.counts()).isEqualTo(new Counts(4, 1, 2, 1, 1));
    assertThat(result.attainment()).isEqualTo(0.25);
    assertThat(result.goodput()).isEqualTo(0.1);
    assertThat(result.parts().byClass().keySet()).containsExactly("chat", "coding");
    assertThat(result.parts().byClass().get("chat")).isEqualTo(new Counts(2, 1, 2, 0, 0));
  }

  @Test
  void quantilesAreThoseOfTheSortedValuesToThreeDigits() {
    SplittableRandom random = new SplittableRandom(7);
    long[] values = new long[20_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(-Math.log(1 - random.nextDouble()) * SECOND);
      tally.add(completed(i, "chat", values[i] / MILLISECOND, true));
    }
    Arrays.sort(values);
    LatencyQuantiles ttft = result().latencies().ttft();
    for (double probability : new double[] {0.5, 0.9, 0.99}) {
      long exact = values[(int) Math.ceil(probability * values.length) - 1];
      Quantile told =
          probability == 0.5 ? ttft.p50() : probability == 0.9 ? ttft.p90() : ttft.p99();
      assertThat(told).isInstanceOf(Quantile.Known.class);
      assertThat((double) ((Quantile.Known) told).nanos())
          .isCloseTo(exact, within(0.002 * exact + MILLISECOND));
    }
  }

  @Test
  void refusalsPushQuantilesUpAndNeverDown() {
    for (int i = 0; i < 1_000; i++) {
      tally.add(i % 50 == 0 ? failed(i, "chat", Outcome.REFUSED) : completed(i, "chat", 100, true));
    }
    LatencyQuantiles ttft = result().latencies().ttft();
    assertThat(ttft.p90()).isInstanceOf(Quantile.Known.class);
    assertThat(ttft.p99()).isEqualTo(new Quantile.Endless());
    assertThat(result().detail().ttft().getLast().share()).isEqualTo(0.98);
  }

  @Test
  void aQuantileThatTheSampleCannotCarryIsWithheld() {
    for (int i = 0; i < 458; i++) {
      tally.add(completed(i, "chat", 100, true));
    }
    assertThat(result().latencies().ttft().p99()).isEqualTo(new Quantile.Withheld(458, 459));
  }

  @Test
  void aSingleTokenHasNoTimePerToken() {
    for (int i = 0; i < 10; i++) {
      Arrival arrival = new Arrival(i, "chat", i * SECOND, 10, 1);
      Fate fate = new Fate.Completed(0, MILLISECOND, 0, MILLISECOND, true);
      tally.add(new SimulatedOutcome(arrival, Placement.NOWHERE, fate, Double.NaN, 0, 0));
    }
    assertThat(result().latencies().tpot().p50()).isEqualTo(new Quantile.Withheld(0, 7));
    assertThat(result().latencies().ttft().p50()).isInstanceOf(Quantile.Known.class);
  }

  @Test
  void slicesStayFewAndLoseNothingHoweverLongTheRun() {
    for (int i = 0; i < 50_000; i++) {
      tally.add(completed(i, "chat", 100, i % 4 != 0));
    }
    PolicyDetail detail = result().detail();
    assertThat(detail.slices()).hasSizeBetween(SliceTally.SLICES / 2, SliceTally.SLICES);
    assertThat(detail.slices().stream().mapToLong(TimeSlice::requests).sum()).isEqualTo(50_000);
    assertThat(detail.slices().stream().mapToLong(TimeSlice::met).sum()).isEqualTo(37_500);
    assertThat(detail.slices().stream().mapToLong(s -> s.completedByAccelerator().get("GPU")).sum())
        .isEqualTo(50_000);
    long full = detail.slices().getFirst().requests();
    assertThat(detail.slices().subList(0, detail.slices().size() - 1))
        .allSatisfy(slice -> assertThat(slice.requests()).isCloseTo(full, within(1L)));
  }

  @Test
  void theOrderInWhichRequestsEndChangesNothing() {
    PolicyTally reversed = new PolicyTally(new PolicyRun("any", 1, 1), List.of("chat", "coding"));
    for (int i = 0; i < 5_000; i++) {
      tally.add(completed(i, "chat", 1 + i % 700, i % 3 == 0));
      reversed.add(completed(4_999 - i, "chat", 1 + (4_999 - i) % 700, (4_999 - i) % 3 == 0));
    }
    assertThat(reversed.result(new Lengths(10, 11, 0))).isEqualTo(result());
  }

  @Test
  void theReliabilityOfForecastsIsToldByTenths() {
    for (int i = 0; i < 100; i++) {
      tally.add(forecast(completed(i, "chat", 100, i % 4 != 0), 0.75));
      tally.add(forecast(completed(i, "chat", 100, true), 1));
      tally.add(forecast(failed(i, "chat", Outcome.REFUSED), 0.1));
    }
    List<ReliabilityBin> bins = result().detail().reliability();
    assertThat(bins).hasSize(10);
    assertThat(bins.get(7)).isEqualTo(new ReliabilityBin(100, 75, 0.75));
    assertThat(bins.get(9)).isEqualTo(new ReliabilityBin(100, 100, 1));
    assertThat(bins.get(1).requests()).isZero();
  }

  @Test
  void withoutForecastsThereIsNoReliability() {
    tally.add(completed(0, "chat", 100, true));
    assertThat(result().detail().reliability()).isEmpty();
  }

  @Test
  void anUnknownClassIsNamed() {
    assertThatThrownBy(() -> tally.add(completed(3, "voice", 100, true)))
        .hasMessage("class of request 3: voice (expected: one of chat, coding)");
  }

  @Test
  void timesOutOfOrderAreNamed() {
    assertThatThrownBy(() -> new Fate.Completed(5, 4, 0, 9, true))
        .hasMessageStartingWith("times: queued 5, TTFT 4, TPOT 0, total 9 ns (expected:");
  }

  @Test
  void theIntervalOfTheAttainmentHoldsItsValue() {
    int within = 0;
    int runs = Boolean.getBoolean("thorough") ? 1_000 : 200;
    for (int seed = 1; seed <= runs; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      PolicyTally each = new PolicyTally(new PolicyRun("any", seed, 1), List.of("chat"));
      for (int i = 0; i < 2_000; i++) {
        each.add(completed(i, "chat", 100, random.nextDouble() < 0.9));
      }
      PolicyResult result = each.result(new Lengths(10, 11, 0));
      double half = result.detail().attainmentHalfWidth().orElseThrow();
      within += Math.abs(result.attainment() - 0.9) <= half ? 1 : 0;
    }
    assertThat(within).isGreaterThanOrEqualTo(runs * 95 / 100);
  }

  private PolicyResult result() {
    return tally.result(new Lengths(10, 11, 0));
  }

  private static SimulatedOutcome completed(int id, String name, long ttftMillis, boolean met) {
    long ttft = ttftMillis * MILLISECOND;
    return new SimulatedOutcome(
        new Arrival(id, name, id * 100L * MILLISECOND, 100, 11),
        new Placement("gpu-1", "GPU"),
        new Fate.Completed(0, ttft, 5 * MILLISECOND, ttft + 50 * MILLISECOND, met),
        Double.NaN,
        0.25,
        2);
  }

  private static SimulatedOutcome failed(int id, String name, Outcome outcome) {
    return new SimulatedOutcome(
        new Arrival(id, name, id * 100L * MILLISECOND, 100, 11),
        Placement.NOWHERE,
        new Fate.Failed(new Ending(outcome, "SOME_REASON")),
        Double.NaN,
        0,
        0);
  }

  private static SimulatedOutcome forecast(SimulatedOutcome outcome, double probability) {
    return new SimulatedOutcome(
        outcome.arrival(), outcome.placement(), outcome.fate(), probability, 0, 0);
  }
}
