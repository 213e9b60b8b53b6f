package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PromptChainsTest {
  private final PromptChains chains = new PromptChains();

  @Test
  void aPromptThatBeginsWithAllWholeBlocksOfAnEarlierOneIsItsNextTurn() {
    Turn first = place(1300, 0, 7, 8);
    Turn second = place(2000, 0, 7, 20, 21);
    Turn third = place(2100, 0, 7, 20, 30, 31);
    assertThat(second).isEqualTo(Turn.recorded(first.conversation(), 1));
    assertThat(third).isEqualTo(Turn.recorded(first.conversation(), 2));
  }

  @Test
  void theFirstBlockAloneSaysNothing() {
    Turn first = place(1024, 0, 7);
    assertThat(place(1024, 0, 8).conversation()).isNotEqualTo(first.conversation());
    assertThat(place(500, 0)).isEqualTo(Turn.NONE);
  }

  @Test
  void aPromptThatTurnsOffBeforeTheEndOfAnotherIsNoTurnOfIt() {
    Turn first = place(2048, 0, 7, 8, 9);
    assertThat(place(2048, 0, 7, 8, 10).conversation()).isNotEqualTo(first.conversation());
  }

  @Test
  void aPromptThatManyContinueIsATemplate() {
    Turn template = place(1024, 0, 7);
    Turn last = Turn.NONE;
    for (int i = 0; i < 100; i++) {
      last = place(1536, 0, 7, 1000 + i);
    }
    assertThat(last.conversation()).isNotEqualTo(template.conversation());
    assertThat(last.ordinal()).isZero();
  }

  private Turn place(int inputTokens, int... ids) {
    return chains.place(new TraceRow(0, inputTokens, 1, PrefixBlocks.of(ids, ids.length))).turn();
  }
}
