package dev.sluice.gateway.transport;

import dev.sluice.backends.FuzzInputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tries what the fuzz test begins with and what it once found. */
@Timeout(60)
final class FuzzCorpusTest {

  @Test
  void aBudgetIsOneOrRefusedByItsName() {
    FuzzInputs.tryAll(FuzzBudgets.class, new FuzzBudgets()::holds);
  }
}
