package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.workload.PrefixBlocks;

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
 */
record Arrival(
    long id, long atNanos, int promptTokens, int outputTokens, Demand demand, PrefixBlocks prefix) {

  Arrival {
    if (atNanos < 0 || promptTokens < 1 || outputTokens < 1) {
      throw new IllegalArgumentException(
          "arrival %d: at %d ns, %d + %d tokens (expected: >= 0, >= 1, >= 1)"
              .formatted(id, atNanos, promptTokens, outputTokens));
    }
  }
}
