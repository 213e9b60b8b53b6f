package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.Interval;
import java.util.Optional;

/**
 * The interval of the ratio of one quantile of two sides.
 *
 * <p>If the ratio is c, then as large a share of the first side's times c as of the second side
 * exceeds their joint quantile. Those shares are compared by batch means, and the interval is every
 * c at which they cannot be told apart. Batch means of the quantiles themselves would not do: the
 * p99 of a run is often made in a single stretch of time, and the p99 of a batch is no p99 at all.
 */
final class QuantileRatio {
  private static final double FIRST_STEP = 1e-4;
  private static final double LARGEST_STEP = 16;
  private static final int BISECTIONS = 16;

  private final SortedTimes first;
  private final SortedTimes second;
  private final double probability;
  private final boolean paired;
  private final double tail;

  QuantileRatio(
      SortedTimes first, SortedTimes second, double probability, boolean paired, double tail) {
    this.first = first;
    this.second = second;
    this.probability = probability;
    this.paired = paired;
    this.tail = tail;
  }

  /** The interval of second ÷ first; empty when a quantile falls among the failures. */
  Optional<Interval> interval() {
    double from = first.quantile(probability);
    double to = second.quantile(probability);
    if (!(from > 0 && to > 0 && from < Double.POSITIVE_INFINITY && to < Double.POSITIVE_INFINITY)) {
      return Optional.empty();
    }
    double low = edge(to / from, -1);
    double high = edge(to / from, 1);
    // Where many times are equal, 1 alone may be possible and its neighbours not.
    return Optional.of(
        toldApart(1) ? new Interval(low, high) : new Interval(Math.min(low, 1), Math.max(high, 1)));
  }

  /** Where ratios begin to be told apart, on the way down or up; 0 or infinite: nowhere. */
  private double edge(double start, int direction) {
    double within = 0;
    double beyond = FIRST_STEP;
    while (!toldApart(start * StrictMath.exp(direction * beyond))) {
      within = beyond;
      beyond *= 2;
      if (beyond > LARGEST_STEP) {
        return direction < 0 ? 0 : Double.POSITIVE_INFINITY;
      }
    }
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (within + beyond) / 2;
      if (toldApart(start * StrictMath.exp(direction * middle))) {
        beyond = middle;
      } else {
        within = middle;
      }
    }
    return within == 0 ? start : start * StrictMath.exp(direction * within);
  }

  private boolean toldApart(double ratio) {
    int all = first.size() + second.size();
    int above = all - (int) Math.ceil(probability * all);
    double threshold = jointQuantile(ratio, above);
    // Of the times that equal the threshold, both sides are given the same part, so that both
    // together have as many above it as the quantile asks for.
    int larger = first.larger(threshold, ratio) + second.larger(threshold, 1);
    int equal = first.equal(threshold, ratio) + second.equal(threshold, 1);
    double part = Math.max(0, (double) (above - larger) / equal);
    Batches mine = first.beyond(threshold, ratio, part);
    Batches theirs = second.beyond(threshold, 1, part);
    return !mine.differenceTo(theirs, Batches.Scales.NONE, paired, tail).contains(0);
  }

  /** What so many of the second side's times and the first side's times the ratio lie above. */
  private double jointQuantile(double ratio, int above) {
    int mine = first.size() - 1;
    int theirs = second.size() - 1;
    for (int skipped = 0; skipped < above; skipped++) {
      if (theirs < 0 || (mine >= 0 && first.value(mine) * ratio > second.value(theirs))) {
        mine--;
      } else {
        theirs--;
      }
    }
    return Math.max(
        mine < 0 ? 0 : first.value(mine) * ratio, theirs < 0 ? 0 : second.value(theirs));
  }
}
