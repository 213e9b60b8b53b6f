package dev.sluice.gateway.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.admission.OverloadLevel;
import dev.sluice.gateway.core.attempt.Permits;
import org.junit.jupiter.api.Test;

final class RetryBudgetsTest {

  private OverloadLevel level = OverloadLevel.CALM;
  private final RetryBudgets budgets = new RetryBudgets(() -> level);

  @Test
  void aProcessShortOfItsMeansFirstDoesWithoutHedgesThenWithoutRetries() {
    Permits permits = budgets.forRequest("m", 0);

    level = OverloadLevel.TIGHT;
    assertThat(permits.tryHedge(0)).isFalse();
    assertThat(permits.tryTake(0)).isTrue();
    level = OverloadLevel.SHORT;
    assertThat(permits.tryTake(0)).isFalse();
    level = OverloadLevel.CALM;
    assertThat(permits.tryHedge(0)).isTrue();
  }

  @Test
  void anAnswerThatHasBegunMayGoOnElsewhereAtAnyLevel() {
    level = OverloadLevel.SPENT;
    assertThat(budgets.forRequest("m", 0).tryBorrow(0)).isTrue();
  }

  @Test
  void requestsForOneModelShareABudget() {
    Permits first = budgets.forRequest("m", 0);
    for (int i = 0; i < 3; i++) {
      assertThat(first.tryTake(0)).isTrue();
    }
    assertThat(budgets.forRequest("m", 0).tryTake(0)).isFalse();
    assertThat(budgets.forRequest("other", 0).tryTake(0)).isTrue();
  }
}
