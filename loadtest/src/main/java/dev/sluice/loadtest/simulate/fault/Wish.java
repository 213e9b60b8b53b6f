package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Resumption;

/**
 * What a caller asks for and puts up with.
 *
 * @param atNanos when
 * @param model of whom
 * @param promptTokens tokens of the prompt
 * @param answer what the answer should be
 * @param patience how long, and what if it breaks off
 * @param leaving whether and when the caller goes away
 * @param wrong whether every backend rejects it
 */
record Wish(
    long atNanos,
    String model,
    int promptTokens,
    Text answer,
    Patience patience,
    Leaving leaving,
    boolean wrong) {

  /** Tokens that a caller allows beyond those that the answer has. */
  private static final int SPARE_TOKENS = 32;

  /**
   * How long a caller waits, and for what.
   *
   * @param budget as he says it
   * @param deadlineNanos length after which he hangs up; 0: never
   * @param resumption which continuations he takes
   * @param begunTokens tokens of the answer that he has from elsewhere
   */
  record Patience(Budget budget, long deadlineNanos, Resumption resumption, int begunTokens) {}

  /**
   * When a caller goes away.
   *
   * @param afterNanos after so long; 0: not by time
   * @param afterTokens with this token; 0: not by tokens
   */
  record Leaving(long afterNanos, int afterTokens) {
    static final Leaving NEVER = new Leaving(0, 0);
  }

  int begunTokens() {
    return patience.begunTokens;
  }

  int mostTokens() {
    return answer.tokens() + SPARE_TOKENS;
  }
}
