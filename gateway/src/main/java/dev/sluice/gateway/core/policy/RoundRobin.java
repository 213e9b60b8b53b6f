package dev.sluice.gateway.core.policy;

import java.util.random.RandomGenerator;

/**
 * Each in turn: the candidate that was asked least often so far. Keeps no state of its own; the
 * fleet's books say whose turn it is.
 */
final class RoundRobin implements RoutingPolicy {

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int best = 0;
    for (int place = 1; place < candidates.size(); place++) {
      if (candidates.state(place).load().dispatched()
          < candidates.state(best).load().dispatched()) {
        best = place;
      }
    }
    return best;
  }
}
