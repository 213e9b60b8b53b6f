package dev.sluice.loadtest.report;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * The runs of one policy at one rate, one for each seed.
 *
 * @param runs at least one, of the same policy and rate
 */
record PolicyGroup(String policy, double rateScale, List<PolicyResult> runs) {
  PolicyGroup {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("runs of " + policy + ": none (expected: one or more)");
    }
  }

  double mean(ToDoubleFunction<PolicyResult> figure) {
    return Intervals.mean(values(figure));
  }

  double attainment() {
    return mean(PolicyResult::attainment);
  }

  /** Half the width of the 95 % interval over the seeds; none for a single one. */
  OptionalDouble halfWidth(ToDoubleFunction<PolicyResult> figure) {
    return runs.size() < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(Intervals.halfWidthOfMean(Intervals.TAIL, values(figure)));
  }

  /** The same for the attainment, which a single run knows from its batches. */
  OptionalDouble attainmentHalfWidth() {
    return runs.size() < 2
        ? runs.getFirst().detail().attainmentHalfWidth()
        : halfWidth(PolicyResult::attainment);
  }

  private double[] values(ToDoubleFunction<PolicyResult> figure) {
    return runs.stream().mapToDouble(figure).toArray();
  }
}
