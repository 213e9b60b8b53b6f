package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.request.Budget;

/**
 * What to expect of a deployment for one request; times are medians, in nanoseconds.
 *
 * @param firstTokenNanos time to the first token
 * @param perTokenNanos mean time per token after it
 * @param totalNanos time to the last token, for the expected length
 * @param probability that every part of the budget is met, 0 … 1
 */
public record Forecast(
    double firstTokenNanos, double perTokenNanos, double totalNanos, double probability) {

  /** Whether the medians meet every part of {@code budget}. */
  public boolean meets(Budget budget) {
    return excess(budget) <= 1;
  }

  /** Largest ratio of a median to its part of {@code budget}; 0 when there is no budget. */
  public double excess(Budget budget) {
    return Math.max(
        ratio(firstTokenNanos, budget.firstTokenNanos()),
        Math.max(
            ratio(perTokenNanos, budget.perTokenNanos()), ratio(totalNanos, budget.totalNanos())));
  }

  private static double ratio(double nanos, long budgetNanos) {
    return budgetNanos == 0 ? 0 : nanos / budgetNanos;
  }
}
