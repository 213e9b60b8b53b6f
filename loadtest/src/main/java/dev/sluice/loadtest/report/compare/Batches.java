package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.Interval;
import dev.sluice.loadtest.report.Intervals;
import java.util.List;

/**
 * A ratio over the requests of a side, as sums by batch of time; the batches of several seeds are
 * joined.
 */
final class Batches {
  /** With fewer, a batch has under five. */
  static final int FEWEST_REQUESTS = 5 * Intervals.BATCHES;

  private final double[] sums;
  private final double[] counts;

  /**
   * Batches of these sums and counts.
   *
   * @param sums what is counted or spent in each batch
   * @param counts of what it is a share
   */
  Batches(double[] sums, double[] counts) {
    this.sums = sums.clone();
    this.counts = counts.clone();
  }

  /** Requests that kept their budget, of all. */
  static Batches met(List<Sample> samples) {
    Batches batches = empty();
    for (Sample sample : samples) {
      for (int i = 0; i < sample.size(); i++) {
        batches.add(Intervals.batchOf(i, sample.size()), sample.met(i) ? 1 : 0, 1);
      }
    }
    return batches;
  }

  /** Cost, of a request that kept its budget. */
  static Batches cost(List<Sample> samples) {
    Batches batches = empty();
    for (Sample sample : samples) {
      for (int i = 0; i < sample.size(); i++) {
        int batch = Intervals.batchOf(i, sample.size());
        batches.add(batch, sample.costUsd(i), sample.met(i) ? 1 : 0);
      }
    }
    return batches;
  }

  /** Requests that kept their budget, of all, from slices; all zero when there are too few. */
  static Batches metBySlices(List<LoadedRun> runs) {
    Batches batches = empty();
    for (LoadedRun run : runs) {
      int slices = run.slices().size();
      for (int slice = 0; slice < slices && slices >= Intervals.BATCHES; slice++) {
        LoadedRun.Slice each = run.slices().get(slice);
        batches.add(Intervals.batchOf(slice, slices), each.met(), each.requests());
      }
    }
    return batches;
  }

  private static Batches empty() {
    return new Batches(new double[Intervals.BATCHES], new double[Intervals.BATCHES]);
  }

  private void add(int batch, double sum, double count) {
    sums[batch] += sum;
    counts[batch] += count;
  }

  double total() {
    return sum(counts);
  }

  double ratio() {
    return sum(sums) / sum(counts);
  }

  /** Half the width of the 95 % interval of the ratio. */
  double halfWidth() {
    return Intervals.halfWidthOfBatches(Intervals.TAIL, Intervals.deviations(sums, counts));
  }

  /**
   * The interval of {@code scale · other ratio − scale · this ratio}, each with its own scale.
   *
   * @param paired whether a batch of both saw the same requests
   */
  Interval differenceTo(Batches other, Scales scales, boolean paired, double tail) {
    double[] mine = times(Intervals.deviations(sums, counts), scales.mine());
    double[] theirs = times(Intervals.deviations(other.sums, other.counts), scales.theirs());
    double half =
        paired
            ? Intervals.halfWidthOfBatches(tail, minus(theirs, mine))
            : Intervals.halfWidthOfBatches(tail, theirs, mine);
    return Interval.around(scales.theirs() * other.ratio() - scales.mine() * ratio(), half);
  }

  /** Known factors that turn the ratios into the figures compared. */
  record Scales(double mine, double theirs) {
    static final Scales NONE = new Scales(1, 1);
  }

  private static double[] times(double[] values, double factor) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = factor * values[i];
    }
    return scaled;
  }

  private static double[] minus(double[] values, double[] others) {
    double[] differences = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      differences[i] = values[i] - others[i];
    }
    return differences;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
