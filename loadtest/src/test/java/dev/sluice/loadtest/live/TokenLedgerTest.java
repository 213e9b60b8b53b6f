package dev.sluice.loadtest.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.TokenTally;
import org.junit.jupiter.api.Test;

final class TokenLedgerTest {
  private final TokenLedger ledger = new TokenLedger();

  @Test
  void tokensInOrderAreIntact() {
    ledger.take(0, 1);
    ledger.take(1, 4);
    assertThat(ledger.tally(5)).isEqualTo(new TokenTally(2, 5, 0, 0, 0));
    assertThat(ledger.tally(5).intact()).isTrue();
  }

  @Test
  void aGapIsLost() {
    ledger.take(0, 1);
    ledger.take(3, 2);
    assertThat(ledger.tally(5)).isEqualTo(new TokenTally(2, 3, 2, 0, 0));
  }

  @Test
  void aGapThatIsFilledLaterIsReorderedAndNotLost() {
    ledger.take(0, 1);
    ledger.take(3, 2);
    ledger.take(1, 2);
    assertThat(ledger.tally(5)).isEqualTo(new TokenTally(3, 5, 0, 0, 2));
  }

  @Test
  void whatComesAgainIsRepeatedAndTheRestOfTheRunCounts() {
    ledger.take(0, 3);
    ledger.take(1, 4);
    assertThat(ledger.tally(5)).isEqualTo(new TokenTally(2, 7, 0, 2, 0));
  }

  @Test
  void tokensThatTheAccountCountsAndNobodySawAreLost() {
    ledger.take(0, 3);
    assertThat(ledger.tally(7).lost()).isEqualTo(4);
  }
}
