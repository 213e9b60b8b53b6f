package dev.sluice.loadtest.bound;

import dev.sluice.loadtest.workload.Budget;

/**
 * One request as the bound sees it, with the length of its answer known.
 *
 * @param arrivalNanos when it arrives, since the start of the run
 * @param promptTokens tokens of its prompt
 * @param outputTokens tokens of its answer
 * @param cachedTokensAtMost most prompt tokens that a prefix cache can spare it, whatever else is
 *     served; 0: none
 * @param value what meeting its budget is worth
 * @param budget what it has to keep; a part of 0 is without limit
 */
public record BoundRequest(
    long arrivalNanos,
    int promptTokens,
    int outputTokens,
    int cachedTokensAtMost,
    double value,
    Budget budget) {

  public BoundRequest {
    if (arrivalNanos < 0) {
      throw new IllegalArgumentException("arrivalNanos: " + arrivalNanos + " (expected: >= 0)");
    }
    if (promptTokens < 1) {
      throw new IllegalArgumentException("promptTokens: " + promptTokens + " (expected: >= 1)");
    }
    if (outputTokens < 1) {
      throw new IllegalArgumentException("outputTokens: " + outputTokens + " (expected: >= 1)");
    }
    if (cachedTokensAtMost < 0 || cachedTokensAtMost > promptTokens) {
      throw new IllegalArgumentException(
          "cachedTokensAtMost: " + cachedTokensAtMost + " (expected: 0.." + promptTokens + ")");
    }
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "value: " + value + " (expected: a finite number above 0)");
    }
  }
}
