package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.List;
import java.util.random.RandomGenerator;

/** The candidate with the fewest requests under way; the less often asked one among equals. */
final class LeastRequest implements RoutingPolicy {

  @Override
  public Candidate choose(
      AdmittedRequest request, List<Candidate> candidates, RandomGenerator random) {
    Candidate best = candidates.getFirst();
    for (Candidate candidate : candidates) {
      if (isBetter(candidate, best)) {
        best = candidate;
      }
    }
    return best;
  }

  private static boolean isBetter(Candidate candidate, Candidate best) {
    int difference = candidate.state().load().inFlight() - best.state().load().inFlight();
    return difference != 0
        ? difference < 0
        : candidate.state().load().dispatched() < best.state().load().dispatched();
  }
}
