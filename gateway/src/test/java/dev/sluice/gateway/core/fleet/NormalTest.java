package dev.sluice.gateway.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class NormalTest {

  @Test
  void theNormalDistributionIsRightAtItsLandmarks() {
    assertThat(Normal.below(0)).isCloseTo(0.5, within(1e-7));
    assertThat(Normal.below(1.2816)).isCloseTo(0.9, within(1e-5));
    assertThat(Normal.below(-1.96)).isCloseTo(0.025, within(1e-5));
    assertThat(Normal.below(40)).isEqualTo(1);
    assertThat(Normal.below(-40)).isZero();
  }
}
