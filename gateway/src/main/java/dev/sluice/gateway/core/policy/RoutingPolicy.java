package dev.sluice.gateway.core.policy;

import java.util.random.RandomGenerator;

/**
 * A rule that chooses among candidates. Keeps no state: what it goes by is in the candidates, so
 * that equal inputs give equal choices, live and in virtual time.
 */
public interface RoutingPolicy {

  /** No candidate is worth it now: the request may wait, as long as its budget allows. */
  int NOBODY = -1;

  /** The place of the chosen candidate, or {@link #NOBODY}. */
  int choose(Candidates candidates, RandomGenerator random);

  /** Whether a request that nobody is worth now may wait for better times. */
  default boolean waits() {
    return false;
  }

  /** Whether the rule must see every candidate: of many alike it gets a sample otherwise. */
  default boolean needsAll() {
    return false;
  }

  /**
   * What the rule thinks of the candidate at {@code place}, the more the better; not a number when
   * the rule does not go by scores. For explanations.
   */
  default double score(Candidates candidates, int place) {
    return Double.NaN;
  }
}
