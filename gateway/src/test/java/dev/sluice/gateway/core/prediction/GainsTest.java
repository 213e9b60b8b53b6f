package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.fleet.Track;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class GainsTest {

  private final Gains gains = new Gains(3);

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
    Gains half = new Gains(3);
    gains.step(parts(1, 1), 0.4, 1);
    half.step(parts(1, 1), 0.4, 0.5);
    assertThat(StrictMath.log(half.factors()[0]))
        .isCloseTo(StrictMath.log(gains.factors()[0]) / 2, within(1e-12));
  }

  @Test
  void aValueFarBeyondTheUsualMovesAsFarAsOneOfThreeTimesTheUsual() {
    Gains far = new Gains(3);
    for (int i = 0; i < 100; i++) {
      gains.heard(0.1);
      far.heard(0.1);
    }
    gains.step(parts(1, 0), 3 * 0.1, 1);
    far.step(parts(1, 0), 0.9, 1);
    assertThat(StrictMath.log(far.factors()[0]))
        .isCloseTo(StrictMath.log(gains.factors()[0]), within(0.1 * Gains.GAIN_RATE * 0.3));
  }

  @Test
  void whatWasFarOffIsFollowedOnceItIsUsual() {
    for (int i = 0; i < 100; i++) {
      gains.heard(0.02);
    }
    int values = 0;
    while (gains.corrected(parts(1, 0)) < 1.4) {
      double lnRatio = StrictMath.log(1.5 / gains.corrected(parts(1, 0)));
      gains.heard(lnRatio);
      gains.step(parts(1, 0), lnRatio, 1);
      values++;
    }
    assertThat(values).isLessThan(80);
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
