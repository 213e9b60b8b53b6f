package dev.sluice.gateway.core.policy;

import java.util.random.RandomGenerator;

/** Any candidate, each as likely. */
final class AnyOne implements RoutingPolicy {

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    return random.nextInt(candidates.size());
  }
}
