package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.gateway.core.request.Budget;
import java.util.List;

/**
 * A budget of several parts, for the odds that all of them are met.
 *
 * @param name the parts
 * @param budget how long they are
 */
record JointBudget(String name, Budget budget) {

  private static final long MILLISECOND = 1_000_000;

  /** What is asked for: the classes of science §1.10, and parts in every combination. */
  static final List<JointBudget> ALL =
      List.of(
          of(450, 0, 0),
          of(500, 10, 0),
          of(450, 40, 0),
          of(2_000, 100, 0),
          of(0, 0, 2_000),
          of(0, 0, 5_000),
          of(0, 0, 10_000),
          of(300, 0, 4_000),
          of(0, 20, 5_000),
          of(300, 25, 5_000));

  private static JointBudget of(long first, long token, long total) {
    StringBuilder name = new StringBuilder();
    append(name, "ttft", first);
    append(name, "tpot", token);
    append(name, "total", total);
    return new JointBudget(
        name.toString(), new Budget(first * MILLISECOND, token * MILLISECOND, total * MILLISECOND));
  }

  private static void append(StringBuilder name, String part, long millis) {
    if (millis > 0) {
      name.append(name.isEmpty() ? "" : ", ").append(part).append(' ').append(millis);
    }
  }

  /** Whether an answer kept every part. */
  boolean kept(double firstNanos, double tokenNanos, double totalNanos) {
    return keeps(firstNanos, budget.firstTokenNanos())
        && keeps(tokenNanos, budget.perTokenNanos())
        && keeps(totalNanos, budget.totalNanos());
  }

  private static boolean keeps(double nanos, long budgetNanos) {
    return budgetNanos == 0 || nanos <= budgetNanos;
  }
}
