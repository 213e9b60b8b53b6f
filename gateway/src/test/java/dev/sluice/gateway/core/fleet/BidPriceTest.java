package dev.sluice.gateway.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class BidPriceTest {

  @Test
  void timeCostsNothingWhileThereIsRoom() {
    assertThat(BidPrice.at(0)).isZero();
    assertThat(BidPrice.at(0.85)).isZero();
  }

  @Test
  void thePriceRisesWithTheLoadUpToABound() {
    assertThat(BidPrice.at(0.95)).isCloseTo(1, within(1e-9));
    assertThat(BidPrice.at(1.35)).isCloseTo(5, within(1e-9));
    assertThat(BidPrice.at(100)).isEqualTo(10);
  }
}
