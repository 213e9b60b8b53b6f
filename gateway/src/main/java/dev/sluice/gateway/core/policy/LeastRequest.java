package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.Load;
import java.util.random.RandomGenerator;

/**
 * The candidate with the fewest requests under way; the less often asked one among equals. Plain,
 * as load balancers have it: blind to how large requests and candidates are.
 */
final class LeastRequest implements RoutingPolicy {

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int best = 0;
    for (int place = 1; place < candidates.size(); place++) {
      if (isBetter(candidates.state(place).load(), candidates.state(best).load())) {
        best = place;
      }
    }
    return best;
  }

  @Override
  public double score(Candidates candidates, int place) {
    return -candidates.state(place).load().inFlight();
  }

  private static boolean isBetter(Load load, Load best) {
    int difference = load.inFlight() - best.inFlight();
    return difference != 0 ? difference < 0 : load.dispatched() < best.dispatched();
  }
}
