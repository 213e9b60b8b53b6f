package dev.sluice.gateway.core.policy;

import java.util.random.RandomGenerator;

/** A rule that draws two different candidates and takes the better one; the first when equal. */
abstract class TwoChoices implements RoutingPolicy {

  @Override
  public abstract double score(Candidates candidates, int place);

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    int size = candidates.size();
    int one = random.nextInt(size);
    if (size == 1) {
      return one;
    }
    int other = random.nextInt(size - 1);
    other = other >= one ? other + 1 : other;
    return score(candidates, other) > score(candidates, one) ? other : one;
  }
}
