package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.Intervals;
import java.util.Arrays;
import java.util.List;

/** The times of one measure in ascending order, each with its batch. */
final class SortedTimes {
  /** Room for the number of a batch in place of the last bits of a time. */
  private static final long BATCH_MASK = 31;

  private final long[] sorted;
  private final double[] counts = new double[Intervals.BATCHES];

  SortedTimes(List<Sample> samples, Metric metric) {
    long[] packed = new long[samples.stream().mapToInt(Sample::size).sum()];
    int size = 0;
    for (Sample sample : samples) {
      for (int i = 0; i < sample.size(); i++) {
        double time = sample.time(metric, i);
        if (!Double.isNaN(time)) {
          int batch = Intervals.batchOf(i, sample.size());
          counts[batch]++;
          // Times are not negative, so that their bits have the order of their values.
          packed[size++] = (Double.doubleToLongBits(time) & ~BATCH_MASK) | batch;
        }
      }
    }
    sorted = Arrays.copyOf(packed, size);
    Arrays.sort(sorted);
  }

  int size() {
    return sorted.length;
  }

  double value(int rank) {
    return Double.longBitsToDouble(sorted[rank] & ~BATCH_MASK);
  }

  double quantile(double probability) {
    return sorted.length == 0
        ? Double.NaN
        : value(Math.max(0, (int) Math.ceil(probability * sorted.length) - 1));
  }

  /** How many times, each multiplied by a factor, are larger than a threshold. */
  int larger(double threshold, double factor) {
    return sorted.length - first(threshold, factor, false);
  }

  /** How many times, each multiplied by a factor, equal a threshold. */
  int equal(double threshold, double factor) {
    return first(threshold, factor, false) - first(threshold, factor, true);
  }

  /** The times beyond a threshold, and a part of those that equal it, of all. */
  Batches beyond(double threshold, double factor, double part) {
    double[] beyond = new double[Intervals.BATCHES];
    int larger = first(threshold, factor, false);
    for (int rank = first(threshold, factor, true); rank < sorted.length; rank++) {
      beyond[(int) (sorted[rank] & BATCH_MASK)] += rank < larger ? part : 1;
    }
    return new Batches(beyond, counts);
  }

  /** Rank of the first time that is larger, or not smaller, than a threshold. */
  private int first(double threshold, double factor, boolean mayBeEqual) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      double time = value(middle) * factor;
      if (time > threshold || (mayBeEqual && time == threshold)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
