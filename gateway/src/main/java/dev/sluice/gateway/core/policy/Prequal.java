package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.Report;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Prequal's rule (Wydrowski et al., NSDI 2024; science §1.1): of a pool of probed candidates, those
 * with more requests in flight than a high quantile of the pool are hot; the choice is the cold one
 * with the lowest latency. A pool of less than two means chance.
 *
 * <p>Implementation note. Probes are the reports that backends send by themselves, and the pool is
 * drawn anew for each decision, because a rule keeps no state: at most {@link #POOL} candidates by
 * chance, without those whose report is older than {@link #MOST_AGE_NANOS}. One that never reports
 * counts by our own books, which are always new. Requests in flight are the reported ones of others
 * plus our own now, which is what Prequal's clients add to a probe that they use again. The latency
 * is the median of late answers that found about as many requests in flight; 0, and so first, until
 * there was one. As the quantile is one of the pool's own values, somebody is always cold.
 */
final class Prequal implements RoutingPolicy {

  /** Most probes in the pool, as the paper has it. */
  private static final int POOL = 16;

  /** A probe older than a second is dropped, as the paper has it. */
  private static final long MOST_AGE_NANOS = 1_000_000_000;

  /** The quantile above which a candidate is hot, as the paper has it. */
  private static final double HOT = 0.84;

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int[] drawn = draw(candidates.size(), random);
    int[] pool = new int[drawn.length];
    int count = 0;
    for (int place : drawn) {
      if (isKnown(candidates.state(place).report(), candidates.nowNanos())) {
        pool[count++] = place;
      }
    }
    return count < 2
        ? random.nextInt(candidates.size())
        : fastestCold(candidates, Arrays.copyOf(pool, count));
  }

  /** Different places by chance, at most {@link #POOL} of them: Floyd's algorithm. */
  private static int[] draw(int size, RandomGenerator random) {
    int[] drawn = new int[Math.min(POOL, size)];
    for (int i = 0; i < drawn.length; i++) {
      int last = size - drawn.length + i;
      int place = random.nextInt(last + 1);
      drawn[i] = contains(drawn, i, place) ? last : place;
    }
    return drawn;
  }

  private static boolean contains(int[] places, int count, int place) {
    for (int i = 0; i < count; i++) {
      if (places[i] == place) {
        return true;
      }
    }
    return false;
  }

  private static boolean isKnown(Report report, long nowNanos) {
    return report.atNanos() == Report.NONE.atNanos()
        || nowNanos - report.atNanos() <= MOST_AGE_NANOS;
  }

  private static int fastestCold(Candidates candidates, int[] pool) {
    int[] loads = new int[pool.length];
    for (int i = 0; i < pool.length; i++) {
      loads[i] = candidates.state(pool[i]).sequences();
    }
    int[] sorted = loads.clone();
    Arrays.sort(sorted);
    int hottestCold = sorted[(int) Math.ceil(HOT * sorted.length) - 1];
    int best = NOBODY;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < pool.length; i++) {
      double latencyNanos = candidates.state(pool[i]).measured().latencyNear(loads[i]);
      if (loads[i] <= hottestCold && latencyNanos < least) {
        best = pool[i];
        least = latencyNanos;
      }
    }
    return best;
  }
}
