package dev.sluice.gateway.dispatch;

import dev.sluice.gateway.core.attempt.Permits;
import dev.sluice.gateway.core.attempt.RetryBudget;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The retry budgets of all models; models come from the configuration, so their number is bounded.
 */
final class RetryBudgets {

  private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();

  /** Counts a request for {@code model} and gives the permits that it shares with the others. */
  Permits forRequest(String model, long nowNanos) {
    RetryBudget budget = budgets.computeIfAbsent(model, _ -> new RetryBudget());
    synchronized (budget) {
      budget.requested(nowNanos);
    }
    return new Shared(budget);
  }

  /** A budget that several threads use. */
  private record Shared(RetryBudget budget) implements Permits {

    @Override
    public boolean tryTake(long nowNanos) {
      synchronized (budget) {
        return budget.tryTake(nowNanos);
      }
    }

    @Override
    public boolean tryBorrow(long nowNanos) {
      synchronized (budget) {
        return budget.tryBorrow(nowNanos);
      }
    }

    @Override
    public void giveBack() {
      synchronized (budget) {
        budget.giveBack();
      }
    }
  }
}
