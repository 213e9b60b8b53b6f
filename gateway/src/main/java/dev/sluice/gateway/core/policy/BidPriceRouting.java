package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.random.RandomGenerator;

/**
 * Bid-price routing: what the request is worth, times the odds that it is met, less what the
 * accelerator's time is worth now to others, less its cost and energy (science §1.9).
 *
 * <pre>
 * score = value · P(ok) − price · engine-seconds − μ$ · cost − μE · energy
 * </pre>
 */
final class BidPriceRouting implements RoutingPolicy {

  /** Worth of a dollar, in values of a request: small, so that it decides among equals. */
  private static final double PER_USD = 20;

  /** Worth of a joule: decides where costs are alike. */
  private static final double PER_JOULE = 1e-6;

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int best = NOBODY;
    double most = 0;
    for (int place = 0; place < candidates.size(); place++) {
      double score = score(candidates, place);
      if (score > most) {
        best = place;
        most = score;
      }
    }
    return best;
  }

  @Override
  public boolean waits() {
    return true;
  }

  @Override
  public double score(Candidates candidates, int place) {
    AdmittedRequest request = candidates.request();
    return request.serviceClass().value() * candidates.probability(place)
        - candidates.state(place).price() * candidates.engineNanos(place) / 1e9
        - PER_USD * candidates.costUsd(place)
        - PER_JOULE * candidates.energyJoules(place);
  }
}
