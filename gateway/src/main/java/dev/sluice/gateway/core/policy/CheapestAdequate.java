package dev.sluice.gateway.core.policy;

import java.util.random.RandomGenerator;

/**
 * The cheapest tier that meets the budget, and within it the candidate with the most headroom.
 *
 * <p>A tier is all candidates of one cost. Adequate is a candidate that meets the budget with
 * {@link #SURE} probability; when there is none, the likeliest of those whose odds are better than
 * even; when there is none of those either, the rule asks nobody rather than spend an accelerator
 * on an answer that comes too late.
 */
final class CheapestAdequate implements RoutingPolicy {

  /**
   * Probability that counts as adequate. Higher sends more to fast hardware, lower misses more
   * budgets. Chosen without measurement, after the ≥ 90 % attainment by which goodput is defined
   * (science §4).
   */
  private static final double SURE = 0.9;

  /** Below even odds an answer is more likely too late than not. */
  private static final double EVEN = 0.5;

  /**
   * Costs closer than this share belong to one tier: prices of equal hardware differ by rounding
   * only.
   */
  private static final double SAME_TIER = 1e-6;

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int best = NOBODY;
    for (int place = 0; place < candidates.size(); place++) {
      if (candidates.probability(place) >= SURE
          && (best == NOBODY || isBetter(candidates, place, best))) {
        best = place;
      }
    }
    return best != NOBODY ? best : likeliest(candidates);
  }

  private static int likeliest(Candidates candidates) {
    int best = NOBODY;
    double most = EVEN;
    for (int place = 0; place < candidates.size(); place++) {
      if (candidates.probability(place) > most) {
        best = place;
        most = candidates.probability(place);
      }
    }
    return best;
  }

  private static boolean isBetter(Candidates candidates, int place, int best) {
    double bestUsd = candidates.costUsd(best);
    double difference = candidates.costUsd(place) - bestUsd;
    if (Math.abs(difference) > SAME_TIER * bestUsd) {
      return difference < 0;
    }
    return headroom(candidates, place) > headroom(candidates, best);
  }

  /** Without a budget every probability is 1, so the sooner answer decides. */
  private static double headroom(Candidates candidates, int place) {
    return -candidates.firstTokenNanos(place) - candidates.totalNanos(place);
  }
}
