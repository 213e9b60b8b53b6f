package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A rule that chooses whom to ask. */
@FunctionalInterface
public interface RoutingPolicy {

  /**
   * The candidate to ask, or null when the rule would rather refuse.
   *
   * @param candidates at least one, in the fleet's order
   */
  @Nullable Candidate choose(
      AdmittedRequest request, List<Candidate> candidates, RandomGenerator random);
}
