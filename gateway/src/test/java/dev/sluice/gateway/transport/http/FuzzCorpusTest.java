package dev.sluice.gateway.transport.http;

import dev.sluice.backends.FuzzInputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tries what the fuzz tests begin with and what they once found. */
@Timeout(60)
final class FuzzCorpusTest {

  @Test
  void aBodyIsReadOrRefused() {
    FuzzInputs.tryAll(FuzzCompletionReader.class, new FuzzCompletionReader()::holds);
  }

  @Test
  void piecesOfCallsBecomeAnAnswer() {
    FuzzInputs.tryAll(FuzzMessage.class, new FuzzMessage()::holds);
  }
}
