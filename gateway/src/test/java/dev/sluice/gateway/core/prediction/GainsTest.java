package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.fleet.Track;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class GainsTest {

  private final Gains gains = new Gains();

  @Test
  void nothingIsCorrectedBeforeAnythingWasLearned() {
    assertThat(gains.corrected(parts(3, 4))).isEqualTo(7);
  }

  @Test
  void aStepIsTheGradientOfTheSquaredLnRatio() {
    double[] parts = parts(3, 1);
    gains.step(parts, 0.5, 1);
    double level = Gains.LEVEL_RATE * 0.5;
    assertThat(StrictMath.log(gains.factors()[0]))
        .isCloseTo(Gains.KEPT * Gains.GAIN_RATE * 0.5 * 0.75 + level, within(1e-12));
    assertThat(StrictMath.log(gains.factors()[1]))
        .isCloseTo(Gains.KEPT * Gains.GAIN_RATE * 0.5 * 0.25 + level, within(1e-12));
    assertThat(StrictMath.log(gains.factors()[2])).isCloseTo(level, within(1e-12));
  }

  @Test
  void aStepOfLessWeightIsShorter() {
    Gains half = new Gains();
    gains.step(parts(1, 1), 0.4, 1);
    half.step(parts(1, 1), 0.4, 0.5);
    assertThat(StrictMath.log(half.factors()[0]))
        .isCloseTo(StrictMath.log(gains.factors()[0]) / 2, within(1e-12));
  }

  @Test
  void factorsStayBoundedWhateverIsLearned() {
    SplittableRandom random = new SplittableRandom(7);
    double most = StrictMath.exp(Gains.MOST_GAIN + Gains.MOST_LEVEL);
    for (int i = 0; i < 20_000; i++) {
      double ratio = (i / 5_000 % 2 == 0 ? 1 : -1) * random.nextDouble() * 50;
      gains.step(parts(random.nextDouble(), random.nextDouble()), ratio, 1);
      for (double factor : gains.factors()) {
        assertThat(factor).isBetween(1 / most - 1e-9, most + 1e-9);
      }
    }
  }

  private static double[] parts(double first, double second) {
    double[] parts = new double[Track.COMPONENTS];
    parts[0] = first;
    parts[1] = second;
    return parts;
  }
}
