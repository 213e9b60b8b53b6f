package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The cheapest tier that meets the budget, and within it the candidate with the most headroom.
 *
 * <p>A tier is all candidates of one cost. Adequate is a candidate that meets the budget with
 * {@link #SURE} probability; when there is none, the likeliest of those whose medians meet it; when
 * there is none of those either, the rule refuses rather than spend an accelerator on an answer
 * that comes too late.
 */
final class CheapestAdequate implements RoutingPolicy {

  /**
   * Probability that counts as adequate. Higher sends more to fast hardware, lower misses more
   * budgets. Chosen without measurement, after the ≥ 90 % attainment by which goodput is defined
   * (science §4).
   */
  private static final double SURE = 0.9;

  /**
   * Costs closer than this share belong to one tier: prices of equal hardware differ by rounding
   * only.
   */
  private static final double SAME_TIER = 1e-6;

  @Override
  public @Nullable Candidate choose(
      AdmittedRequest request, List<Candidate> candidates, RandomGenerator random) {
    Candidate best = null;
    for (Candidate candidate : candidates) {
      if (candidate.forecast().probability() >= SURE
          && (best == null || isBetter(candidate, best))) {
        best = candidate;
      }
    }
    return best != null ? best : likeliest(request, candidates);
  }

  private static @Nullable Candidate likeliest(
      AdmittedRequest request, List<Candidate> candidates) {
    Candidate best = null;
    for (Candidate candidate : candidates) {
      if (candidate.forecast().meets(request.budget())
          && (best == null || candidate.forecast().probability() > best.forecast().probability())) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isBetter(Candidate candidate, Candidate best) {
    double difference = candidate.costUsd() - best.costUsd();
    if (Math.abs(difference) > SAME_TIER * best.costUsd()) {
      return difference < 0;
    }
    return headroom(candidate) > headroom(best);
  }

  /** Without a budget every probability is 1, so the sooner answer decides. */
  private static double headroom(Candidate candidate) {
    return -candidate.forecast().firstTokenNanos() - candidate.forecast().totalNanos();
  }
}
