package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.workload.PrefixBlocks;
import dev.sluice.loadtest.workload.Turn;

/**
 * One request as it reaches the gateway. How long its answer becomes is known to the engine that
 * gives it, and to nobody before.
 *
 * @param id its place among all arrivals, from 0
 * @param atNanos when it comes, since the start of the run
 * @param promptTokens tokens of its prompt, at least 1
 * @param outputTokens tokens of its answer when nothing cuts it short, at least 1
 * @param demand what it asks for
 * @param prefix identity of its prompt
 * @param turn its place in a conversation
 */
record Arrival(
    long id,
    long atNanos,
    int promptTokens,
    int outputTokens,
    Demand demand,
    PrefixBlocks prefix,
    Turn turn) {

  /** A request outside any conversation. */
  Arrival(
      long id,
      long atNanos,
      int promptTokens,
      int outputTokens,
      Demand demand,
      PrefixBlocks prefix) {
    this(id, atNanos, promptTokens, outputTokens, demand, prefix, Turn.NONE);
  }

  Arrival {
    if (atNanos < 0 || promptTokens < 1 || outputTokens < 1) {
      throw new IllegalArgumentException(
          "arrival %d: at %d ns, %d + %d tokens (expected: >= 0, >= 1, >= 1)"
              .formatted(id, atNanos, promptTokens, outputTokens));
    }
  }

  /** This request at another instant. */
  Arrival at(long nanos) {
    return new Arrival(id, nanos, promptTokens, outputTokens, demand, prefix, turn);
  }
}
