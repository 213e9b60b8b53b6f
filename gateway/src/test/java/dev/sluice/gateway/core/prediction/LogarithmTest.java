package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class LogarithmTest {

  @Test
  void itIsTheNaturalLogarithmToSevenDigits() {
    for (double value = 1e-9; value < 1e18; value *= 1.0137) {
      assertThat(Logarithm.of(value)).isCloseTo(StrictMath.log(value), within(1e-7));
    }
    assertThat(Logarithm.of(1)).isZero();
  }

  @Test
  void itRisesAcrossPowersOfTwo() {
    double before = Double.NEGATIVE_INFINITY;
    for (double value = 0.4; value < 5; value += 1e-4) {
      assertThat(Logarithm.of(value)).isGreaterThan(before);
      before = Logarithm.of(value);
    }
  }
}
