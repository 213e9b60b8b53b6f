package dev.sluice.backends.openai;

import dev.sluice.backends.FuzzInputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tries what the fuzz tests begin with and what they once found. */
@Timeout(60)
final class FuzzCorpusTest {

  @Test
  void eventsAreTheSameHoweverTheyAreCut() {
    FuzzInputs.tryAll(FuzzSseReader.class, new FuzzSseReader()::holds);
  }

  @Test
  void anAnswerIsWholeOrBroken() {
    FuzzInputs.tryAll(FuzzAnswer.class, new FuzzAnswer()::holds);
  }
}
