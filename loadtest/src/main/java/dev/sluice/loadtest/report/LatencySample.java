package dev.sluice.loadtest.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The values of one measure, sorted, with the failures behind them as values without end.
 *
 * <p>A quantile is an order statistic of all of them; it is withheld when the sample is too small
 * for it, and without end when it falls among the failures.
 */
final class LatencySample {
  /** Chance of a sample of this size passing although the quantile is missed; as LoadGen has it. */
  private static final double RISK = 0.01;

  private final long[] sorted;
  private final int failures;

  private LatencySample(long[] sorted, int failures) {
    this.sorted = sorted;
    this.failures = failures;
  }

  static LatencySample of(List<RequestResult> results, ToLongFunction<RequestResult> measure) {
    long[] values = results.stream().mapToLong(measure).filter(v -> v >= 0).sorted().toArray();
    int finite = values.length;
    while (finite > 0 && values[finite - 1] == RequestResult.INFINITE) {
      finite--;
    }
    return new LatencySample(Arrays.copyOf(values, finite), values.length - finite);
  }

  int size() {
    return sorted.length + failures;
  }

  int failures() {
    return failures;
  }

  /** The finite values, ascending. */
  long[] values() {
    return sorted.clone();
  }

  Quantile quantile(double probability) {
    int needed = samplesNeeded(probability);
    return size() < needed ? new Quantile.Withheld(size(), needed) : orderStatistic(probability);
  }

  /** The quantile whatever the sample's size: for judging, not for printing. */
  Quantile orderStatistic(double probability) {
    int rank = (int) Math.ceil(probability * size());
    return rank <= sorted.length && sorted.length > 0
        ? new Quantile.Known(sorted[Math.max(0, rank - 1)])
        : new Quantile.Endless();
  }

  /** Least n with P(no miss among n) = probabilityⁿ ≤ 1 %: 44 for p90, 459 for p99. */
  static int samplesNeeded(double probability) {
    return (int) Math.ceil(Math.log(RISK) / Math.log(probability));
  }
}
