package dev.sluice.loadtest.bound;

import java.util.stream.IntStream;

/**
 * Time in buckets of equal length from 0 on. A window reaches outward to whole buckets; what lies
 * beyond the last one costs nothing.
 *
 * @param bucketNanos length of a bucket
 * @param buckets how many there are
 */
record Grid(long bucketNanos, int buckets) {

  /**
   * Fine enough for what usual budgets can tell apart: half of it gained 0.1 % where it was tried.
   */
  private static final long USUAL_NANOS = 500_000_000;

  private static final long FINEST_NANOS = 20_000_000;
  private static final int FEW_BUCKETS = 512;

  /** Some tens of megabytes of prices and loads at a dozen pools. */
  private static final int MOST_BUCKETS = 65_536;

  /** A bucket that few requests reach says little. Chosen without measurement. */
  private static final int BUCKETS_PER_REQUEST = 16;

  /** A deadline that so many times the usual ones are over is as good as none. */
  private static final int FAR = 4;

  Grid {
    if (bucketNanos < 1) {
      throw new IllegalArgumentException("bucketNanos: " + bucketNanos + " (expected: >= 1)");
    }
    if (buckets < 1) {
      throw new IllegalArgumentException("buckets: " + buckets + " (expected: >= 1)");
    }
  }

  /**
   * A grid that suits the deadlines of {@code problem}: a short run gets finer buckets, a long one
   * coarser ones. A few deadlines far beyond the others lie outside.
   */
  static Grid suiting(BoundProblem problem) {
    long[] deadlines =
        IntStream.range(0, problem.size())
            .mapToLong(request -> deadlineNanos(problem, request))
            .filter(deadline -> deadline < BoundProblem.UNLIMITED / 2)
            .sorted()
            .toArray();
    long usual = deadlines.length == 0 ? 0 : deadlines[deadlines.length * 3 / 4];
    long nanos = USUAL_NANOS;
    while (usual / nanos < FEW_BUCKETS && nanos > FINEST_NANOS) {
      nanos /= 2;
    }
    long many =
        Math.clamp((long) BUCKETS_PER_REQUEST * problem.size(), 2 * FEW_BUCKETS, MOST_BUCKETS);
    while (usual / nanos > many) {
      nanos *= 2;
    }
    return new Grid(nanos, (int) (FAR * (usual / nanos + 1)));
  }

  /** The grid for as long a time as this one in buckets of {@code nanos}. */
  Grid inBucketsOf(long nanos) {
    double count = (double) bucketNanos * buckets / nanos;
    return new Grid(nanos, (int) Math.clamp(Math.ceil(count), 1, FAR * MOST_BUCKETS));
  }

  /** The end of the last window of {@code request} that has one. */
  private static long deadlineNanos(BoundProblem problem, int request) {
    long tpot = problem.tpotNanos(request);
    double answer =
        tpot == BoundProblem.UNLIMITED ? 0 : (double) tpot * (problem.outputTokens(request) - 1);
    double tokens = (double) problem.ttftNanos(request) + answer;
    double all = (double) problem.totalNanos(request);
    double span = Math.min(tokens, all);
    return (long) Math.min(problem.arrivalNanos(request) + span, problem.endNanos());
  }

  /** The bucket that contains {@code nanos}; {@link #buckets} if it lies beyond. */
  int bucket(long nanos) {
    return (int) Math.min(nanos / bucketNanos, buckets);
  }

  double bucketSeconds() {
    return bucketNanos * 1e-9;
  }
}
