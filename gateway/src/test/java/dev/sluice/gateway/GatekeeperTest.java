package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GatekeeperTest {

  @ParameterizedTest
  @CsvSource({"0, 0", "0.89, 0", "0.9, 0.85", "0.95, 0.95", "0.98, 1"})
  void aHeapInUseClosesTheGateStepByStep(double heapShare, double fullness) {
    assertThat(Gatekeeper.pressure(heapShare)).isEqualTo(fullness);
  }

  @org.junit.jupiter.api.Test
  void theHeapOfThisProcessIsReadAsAShare() {
    assertThat(new HeapWatch().getAsDouble()).isBetween(0.0, 1.0);
  }
}
