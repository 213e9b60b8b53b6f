package dev.sluice.gateway.core.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RetryBudgetTest {

  private static final long SECOND = 1_000_000_000L;

  private final RetryBudget budget = new RetryBudget();

  @Test
  void threeFurtherAttemptsAreFreeInTenSeconds() {
    assertThat(taken(10, 0)).isEqualTo(3);
    assertThat(taken(10, 9 * SECOND)).isZero();
    assertThat(taken(10, 10 * SECOND)).isEqualTo(3);
  }

  @Test
  void aTenthOfTheRequestsMayBeTriedAgain() {
    for (int i = 0; i < 200; i++) {
      budget.requested(i * SECOND / 100);
    }
    assertThat(taken(1_000, 2 * SECOND)).isEqualTo(23);
  }

  @Test
  void requestsLongAgoCountForNothing() {
    for (int i = 0; i < 200; i++) {
      budget.requested(0);
    }
    assertThat(taken(1_000, 100 * SECOND)).isEqualTo(3);
  }

  @Test
  void asManyContinuationsMayWaitForTheirFirstTokenAtOnce() {
    for (int i = 0; i < 20; i++) {
      budget.requested(0);
    }
    assertThat(taken(10, 0)).isEqualTo(5);
    for (int i = 0; i < 5; i++) {
      assertThat(budget.tryBorrow(0)).isTrue();
    }
    assertThat(budget.tryBorrow(0)).isFalse();
    budget.giveBack();
    assertThat(budget.tryBorrow(0)).isTrue();
  }

  private int taken(int tries, long nowNanos) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += budget.tryTake(nowNanos) ? 1 : 0;
    }
    return taken;
  }
}
