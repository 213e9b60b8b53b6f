package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Each in turn: the candidate that was asked least often so far. Keeps no state of its own; the
 * fleet's books say whose turn it is.
 */
final class RoundRobin implements RoutingPolicy {

  @Override
  public Candidate choose(
      AdmittedRequest request, List<Candidate> candidates, RandomGenerator random) {
    Candidate best = candidates.getFirst();
    for (Candidate candidate : candidates) {
      if (candidate.state().load().dispatched() < best.state().load().dispatched()) {
        best = candidate;
      }
    }
    return best;
  }
}
