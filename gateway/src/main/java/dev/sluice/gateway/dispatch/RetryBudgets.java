package dev.sluice.gateway.dispatch;

import dev.sluice.gateway.core.admission.OverloadLevel;
import dev.sluice.gateway.core.attempt.Permits;
import dev.sluice.gateway.core.attempt.RetryBudget;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The retry budgets of all models; models come from the configuration, so their number is bounded.
 * A process that runs short of its own means spends nothing on second attempts. Answers that have
 * begun may still go on: to lose them would waste more.
 */
final class RetryBudgets {

  private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();
  private final Supplier<OverloadLevel> overload;

  RetryBudgets(Supplier<OverloadLevel> overload) {
    this.overload = overload;
  }

  /** Counts a request for {@code model} and gives the permits that it shares with the others. */
  Permits forRequest(String model, long nowNanos) {
    RetryBudget budget = budgets.computeIfAbsent(model, _ -> new RetryBudget());
    synchronized (budget) {
      budget.requested(nowNanos);
    }
    return new Shared(budget, overload);
  }

  /** A budget that several threads use. */
  private record Shared(RetryBudget budget, Supplier<OverloadLevel> overload) implements Permits {

    @Override
    public boolean tryHedge(long nowNanos) {
      return overload.get().allowsHedges() && tryTake(nowNanos);
    }

    @Override
    public boolean tryTake(long nowNanos) {
      if (!overload.get().allowsRetries()) {
        return false;
      }
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
