package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.attempt.RetryBudget;
import java.util.ArrayDeque;
import java.util.Deque;

/** The gateway's retry budget of one model, and an account of its own of what it may grant. */
final class ModelPermits {

  /** Within this the budget holds, whatever slots it counts in. */
  private static final long WINDOW_NANOS = 9_000_000_000L;

  /** No request that is older can have earned a permit. */
  private static final long MEMORY_NANOS = 10_000_000_000L;

  private static final double SHARE = 0.1;
  private static final int RESERVE = 3;

  private record Requests(long nanos, int number) {}

  private final RetryBudget budget = new RetryBudget();
  private final Deque<Requests> requests = new ArrayDeque<>();
  private final Deque<Long> granted = new ArrayDeque<>();

  /** Continuations that have no token yet. */
  private int loans;

  void requested(int number, long nowNanos) {
    for (int i = 0; i < number; i++) {
      budget.requested(nowNanos);
    }
    requests.add(new Requests(nowNanos, number));
  }

  boolean tryBorrow(long nowNanos) {
    if (!budget.tryBorrow(nowNanos)) {
      return false;
    }
    loans++;
    check(loans, "continuations at once", nowNanos);
    return true;
  }

  void giveBack() {
    budget.giveBack();
    loans--;
    if (loans < 0) {
      throw new BrokenPromise("a permit was given back that nobody had borrowed");
    }
  }

  int loans() {
    return loans;
  }

  boolean tryTake(long nowNanos) {
    if (!budget.tryTake(nowNanos)) {
      return false;
    }
    granted.add(nowNanos);
    while (granted.element() <= nowNanos - WINDOW_NANOS) {
      granted.remove();
    }
    check(granted.size(), "further attempts", nowNanos);
    return true;
  }

  private void check(int number, String what, long nowNanos) {
    while (!requests.isEmpty() && requests.element().nanos() < nowNanos - MEMORY_NANOS) {
      requests.remove();
    }
    int asked = requests.stream().mapToInt(Requests::number).sum();
    if (number > SHARE * asked + RESERVE) {
      throw new BrokenPromise(
          "%d %s on %d requests within ten seconds".formatted(number, what, asked));
    }
  }
}
