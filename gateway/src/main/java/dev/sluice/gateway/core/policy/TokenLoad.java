package dev.sluice.gateway.core.policy;

/**
 * llm-d's token load: the candidate with the fewest prompt tokens to process, those under way and
 * those of the request, what is cached left out of both (science §1.2). Chance decides among
 * equals.
 */
final class TokenLoad extends BestScore {

  @Override
  public double score(Candidates candidates, int place) {
    return -(candidates.state(place).pendingTokens() + (double) candidates.uncachedTokens(place));
  }
}
