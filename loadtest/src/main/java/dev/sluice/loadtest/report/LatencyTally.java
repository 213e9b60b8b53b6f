package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * The values of one measure in bins of three significant digits, 1 µs … 1 h, and the number of
 * failures behind them: {@link LatencySample} for more requests than one wants to keep.
 */
final class LatencyTally {
  private static final long LOWEST_NANOS = 1_000;
  private static final long HIGHEST_NANOS = 3_600_000_000_000L;

  /** A curve of more points looks the same. */
  private static final double POINT_STEP = 0.005;

  private final Histogram values = new Histogram(LOWEST_NANOS, HIGHEST_NANOS, 3);
  private long failures;

  void add(long nanos) {
    values.recordValue(Math.min(nanos, HIGHEST_NANOS));
  }

  void addFailure() {
    failures++;
  }

  /** The quantile, withheld when there are too few values for it. */
  Quantile quantile(double probability) {
    long finite = values.getTotalCount();
    long all = finite + failures;
    int needed = LatencySample.samplesNeeded(probability);
    if (all < needed) {
      return new Quantile.Withheld((int) all, needed);
    }
    long rank = (long) Math.ceil(probability * all);
    // The middle of the rank's own share: no rounding can move it to a neighbour.
    return rank <= finite
        ? new Quantile.Known(values.getValueAtPercentile(100.0 * (rank - 0.5) / finite))
        : new Quantile.Endless();
  }

  /** The distribution as a curve; it ends below 1 by the share of the failures. */
  List<CdfPoint> curve() {
    List<CdfPoint> points = new ArrayList<>();
    double all = values.getTotalCount() + failures;
    double told = 0;
    for (HistogramIterationValue bin : values.recordedValues()) {
      double share = bin.getTotalCountToThisValue() / all;
      boolean last = bin.getTotalCountToThisValue() == values.getTotalCount();
      if (points.isEmpty() || last || share - told >= POINT_STEP) {
        points.add(new CdfPoint(bin.getValueIteratedTo(), share));
        told = share;
      }
    }
    return points;
  }
}
