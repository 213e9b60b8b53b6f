package dev.sluice.gateway.core.policy;

/**
 * The candidate with the least predicted time to the last token, for the answer's mean length; the
 * budget and the cost do not matter. Without more than one token to come that is the first one's.
 */
final class Fastest extends BestScore {

  @Override
  public double score(Candidates candidates, int place) {
    return -candidates.totalNanos(place);
  }
}
