package dev.sluice.loadtest.simulate.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ScoreTest {

  private static final double MILLISECOND = 1e6;

  private final Score score = new Score();

  @Test
  void theErrorIsThatOfTheMiddleRequest() {
    for (double actual : new double[] {100, 110, 125, 200, 400}) {
      score.add(Quantity.FIRST_TOKEN, said(100, 150, 300), actual * MILLISECOND);
    }
    assertThat(score.medianError()).isCloseTo(0.2, within(1e-9));
    assertThat(score.upperCoverage()).isEqualTo(0.6);
    assertThat(score.upmostCoverage()).isEqualTo(0.8);
  }

  @Test
  void pinballWeighsWhatIsMissedByTheProbability() {
    score.add(Quantity.FIRST_TOKEN, said(100, 150, 300), 200 * MILLISECOND);
    assertThat(score.pinballSeconds())
        .containsExactly(new double[] {0.050, 0.045, 0.001}, within(1e-9));
  }

  @Test
  void sharpAndTrueOddsScoreBest() {
    Score sharp = new Score();
    Score vague = new Score();
    for (int i = 0; i < 100; i++) {
      sharp.add(i < 50 ? 1 : 0, i < 50);
      vague.add(0.5, i < 50);
    }
    assertThat(sharp.brier()).isZero();
    assertThat(vague.brier()).isEqualTo(0.25).isEqualTo(vague.brierOfTheRate());
    assertThat(sharp.calibrationError()).isZero();
    assertThat(vague.calibrationError()).isZero();
  }

  @Test
  void oddsThatAreNotKeptAreAnError() {
    for (int i = 0; i < 100; i++) {
      score.add(0.85, i < 60);
    }
    assertThat(score.calibrationError()).isCloseTo(0.25, within(1e-9));
    assertThat(score.promised(8)).isCloseTo(0.85, within(1e-9));
    assertThat(score.kept(8)).isEqualTo(0.6);
  }

  @Test
  void whatIsNoProbabilityIsABug() {
    assertThatThrownBy(() -> score.add(1.01, true)).hasMessageContaining("1.01");
    assertThatThrownBy(() -> score.add(Double.NaN, true)).hasMessageContaining("NaN");
  }

  private static Said said(double medianMillis, double upperMillis, double upmostMillis) {
    double[] odds = new double[Quantity.FIRST_TOKEN.budgets()];
    Arrays.fill(odds, 0.5);
    return new Said(
        medianMillis * MILLISECOND, upperMillis * MILLISECOND, upmostMillis * MILLISECOND, odds);
  }
}
