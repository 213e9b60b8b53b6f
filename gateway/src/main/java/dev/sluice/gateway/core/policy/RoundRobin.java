package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.Load;
import java.util.random.RandomGenerator;

/**
 * Each in turn: the candidate that was asked last the longest ago; the less often asked one among
 * those that were asked at one instant. Keeps no state of its own; the fleet's books say whose turn
 * it is, so a backend that returns gets its next turn and no more.
 */
final class RoundRobin implements RoutingPolicy {

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int best = 0;
    for (int place = 1; place < candidates.size(); place++) {
      if (isBefore(candidates.state(place).load(), candidates.state(best).load())) {
        best = place;
      }
    }
    return best;
  }

  private static boolean isBefore(Load load, Load best) {
    long askedNanos = load.engineWork().atNanos();
    long bestNanos = best.engineWork().atNanos();
    return askedNanos != bestNanos ? askedNanos < bestNanos : load.dispatched() < best.dispatched();
  }
}
