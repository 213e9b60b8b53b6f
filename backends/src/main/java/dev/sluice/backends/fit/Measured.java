package dev.sluice.backends.fit;

/**
 * What one request of a probe took.
 *
 * @param together requests that were sent at once, this one included
 * @param inputTokens tokens of its prompt, as the engine counts
 * @param outputTokens tokens of its answer
 * @param firstTokenNanos from its sending to its first token
 * @param perTokenNanos for each token after the first, on average; not a number: there was one only
 */
record Measured(
    int together, int inputTokens, int outputTokens, double firstTokenNanos, double perTokenNanos) {

  Measured {
    if (together < 1 || inputTokens < 1 || outputTokens < 1 || !(firstTokenNanos > 0)) {
      throw new IllegalArgumentException(
          "measured: %d together, %d + %d tokens, %s ns (expected: all above 0)"
              .formatted(together, inputTokens, outputTokens, firstTokenNanos));
    }
  }
}
