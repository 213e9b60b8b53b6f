package dev.sluice.loadtest.simulate.evaluation;

import java.util.Arrays;

/** The last few hundred values of something, as an empirical distribution of logarithms. */
final class Recent {

  /** About as many as count in the gateway's own histograms. */
  private static final int MOST = 500;

  private final double[] inOrder = new double[MOST];
  private double[] sorted = {};
  private long added;

  void add(double lnValue) {
    inOrder[(int) (added++ % MOST)] = lnValue;
    sorted = new double[0];
  }

  /** The distribution of e to the power of the values, times {@code scaleNanos}. */
  Said.Law law(double scaleNanos) {
    if (sorted.length == 0) {
      sorted = Arrays.copyOf(inOrder, (int) Math.min(added, MOST));
      Arrays.sort(sorted);
    }
    return new Empirical(sorted, scaleNanos);
  }

  @SuppressWarnings("ArrayRecordComponent") // lives for one question
  private record Empirical(double[] sorted, double scaleNanos) implements Said.Law {

    @Override
    public double within(double nanos) {
      int place = Arrays.binarySearch(sorted, StrictMath.log(nanos / scaleNanos));
      double below = place >= 0 ? place + 0.5 : -place - 1;
      return (below + 0.5) / (sorted.length + 1);
    }

    @Override
    public double medianNanos() {
      return quantileNanos(0.5);
    }

    @Override
    public double quantileNanos(double probability) {
      if (sorted.length == 0) {
        return scaleNanos;
      }
      int place = (int) Math.ceil(probability * (sorted.length + 1)) - 1;
      return scaleNanos * StrictMath.exp(sorted[Math.clamp(place, 0, sorted.length - 1)]);
    }
  }
}
