package dev.sluice.loadtest.report.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.Interval;
import dev.sluice.loadtest.report.Intervals;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How often two runs of the same thing are called different, and how often a difference is found.
 */
final class FalseAlarmsTest {
  private static final int TRIALS = 200;
  private static final int MOST_FALSE_ALARMS = TRIALS / 20;

  @Tag("thorough")
  @ParameterizedTest
  @CsvSource({
    "2000, 0.05, 3, false",
    "2000, 0.05, 3, true",
    "2000, 0.5, 3, false",
    "2000, 0.5, 3, true",
    "2000, 0.8, 6, false",
    "2000, 0.8, 6, true",
    "8000, 0.9, 10, false"
  })
  void norAtOtherLoads(int requests, double load, double budget, boolean paired) {
    theSameThingIsCalledDifferentInAtMostOneOfTwentyTrials(requests, load, budget, paired);
  }

  @ParameterizedTest
  @CsvSource("500, 0.5, 2, true")
  void theSameThingIsCalledDifferentInAtMostOneOfTwentyTrials(
      int requests, double load, double budget, boolean paired) {
    QueueRuns runs = new QueueRuns(requests, load, budget, 0.05);
    Map<Metric, Integer> alarms = new EnumMap<>(Metric.class);
    for (int trial = 0; trial < TRIALS; trial++) {
      Sample first = runs.sample(4L * trial, 4L * trial + 1);
      Sample second = runs.sample(paired ? 4L * trial : 4L * trial + 2, 4L * trial + 3);
      Evidence evidence = QueueRuns.evidence(first, second, paired);
      for (Metric metric : Metric.values()) {
        Judgement judgement = Judgement.of(metric, evidence.interval(metric, Intervals.TAIL));
        alarms.merge(metric, judgement == Judgement.CANNOT_TELL ? 0 : 1, Integer::sum);
      }
    }
    assertThat(alarms).hasSize(Metric.values().length);
    assertThat(alarms.values())
        .as("%s", alarms)
        .allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(MOST_FALSE_ALARMS));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void fivePointsOfAttainmentAreFoundAmongTwoThousandRequests(boolean paired) {
    QueueRuns runs = new QueueRuns(2_000, 0.1, 4, 0.05);
    QueueRuns worse = runs.withMisses(0.10);
    int found = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Sample first = runs.sample(4L * trial, 4L * trial + 1);
      Sample second = worse.sample(paired ? 4L * trial : 4L * trial + 2, 4L * trial + 3);
      Evidence evidence = QueueRuns.evidence(first, second, paired);
      found +=
          Judgement.of(Metric.ATTAINMENT, evidence.interval(Metric.ATTAINMENT, Intervals.TAIL))
                  == Judgement.WORSE
              ? 1
              : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(TRIALS * 95 / 100);
  }

  @Tag("thorough")
  @Test
  void theIntervalOfAQuantileHoldsTheTrueRatio() {
    QueueRuns runs = new QueueRuns(2_000, 0.5, 3, 0);
    int held = 0;
    int decided = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      Sample first = runs.sample(4L * trial, 4L * trial + 1);
      Sample second = slower(runs.sample(4L * trial + 2, 4L * trial + 3), 1.5);
      Interval interval =
          QueueRuns.evidence(first, second, false)
              .interval(Metric.TTFT_P50, Intervals.TAIL)
              .orElseThrow();
      held += interval.contains(0.5) ? 1 : 0;
      decided += interval.contains(0) ? 0 : 1;
    }
    assertThat(held).isGreaterThanOrEqualTo(TRIALS - MOST_FALSE_ALARMS);
    assertThat(decided).isGreaterThan(TRIALS / 2);
  }

  private static Sample slower(Sample sample, double factor) {
    Sample.Builder builder = new Sample.Builder(sample.size());
    for (int i = 0; i < sample.size(); i++) {
      builder.add(
          i, i, sample.met(i), factor * sample.time(Metric.TTFT_P50, i), 0.01, sample.costUsd(i));
    }
    return builder.build();
  }
}
