package dev.sluice.loadtest.report.compare;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The requests of one run in the order of their arrival. Times are in seconds: infinite for a
 * request without an answer, NaN where there is no such time.
 */
final class Sample {
  private final long[] ids;
  private final boolean[] met;
  private final double[] ttft;
  private final double[] tpot;
  private final double[] costUsd;

  private Sample(Builder builder, Integer[] order) {
    int size = order.length;
    ids = new long[size];
    met = new boolean[size];
    ttft = new double[size];
    tpot = new double[size];
    costUsd = new double[size];
    for (int i = 0; i < size; i++) {
      ids[i] = builder.ids[order[i]];
      met[i] = builder.met[order[i]];
      ttft[i] = builder.ttft[order[i]];
      tpot[i] = builder.tpot[order[i]];
      costUsd[i] = builder.costUsd[order[i]];
    }
  }

  int size() {
    return ids.length;
  }

  boolean met(int index) {
    return met[index];
  }

  /** The measure that a quantile is of. */
  double time(Metric metric, int index) {
    return metric.ofTtft() ? ttft[index] : tpot[index];
  }

  double costUsd(int index) {
    return costUsd[index];
  }

  boolean sameIds(Sample other) {
    return Arrays.equals(ids, other.ids);
  }

  /** A sample under construction. */
  static final class Builder {
    private final long[] ids;
    private final double[] arrivals;
    private final boolean[] met;
    private final double[] ttft;
    private final double[] tpot;
    private final double[] costUsd;
    private int size;

    Builder(int requests) {
      ids = new long[requests];
      arrivals = new double[requests];
      met = new boolean[requests];
      ttft = new double[requests];
      tpot = new double[requests];
      costUsd = new double[requests];
    }

    boolean isFull() {
      return size == ids.length;
    }

    void add(long id, double arrival, boolean kept, double ttftOf, double tpotOf, double costOf) {
      ids[size] = id;
      arrivals[size] = arrival;
      met[size] = kept;
      ttft[size] = ttftOf;
      tpot[size] = tpotOf;
      costUsd[size] = costOf;
      size++;
    }

    Sample build() {
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      Arrays.sort(
          order,
          Comparator.<Integer>comparingDouble(i -> arrivals[i]).thenComparingLong(i -> ids[i]));
      return new Sample(this, order);
    }
  }
}
