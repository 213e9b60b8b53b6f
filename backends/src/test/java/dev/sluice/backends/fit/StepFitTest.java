package dev.sluice.backends.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class StepFitTest {

  private static final StepFit TRUE = new StepFit(5e6, 7e6, 19e6, 2_000, 8.8e6);

  private static Measured measured(int together, int input, double times) {
    Measured shape = new Measured(together, input, 32, 1, 1);
    return new Measured(
        together,
        input,
        32,
        times * TRUE.firstTokenNanos(shape),
        times * TRUE.perTokenNanos(shape));
  }

  /** Prompts of four lengths alone, and crowds, each several times, off by {@code noise}. */
  private static List<Measured> probes(double noise, SplittableRandom random) {
    List<Measured> probes = new ArrayList<>();
    for (int repeat = 0; repeat < 3; repeat++) {
      for (int input : new int[] {20, 80, 300, 1200}) {
        probes.add(measured(1, input, Math.exp(noise * random.nextGaussian())));
      }
      for (int together : new int[] {2, 4}) {
        for (int i = 0; i < together; i++) {
          probes.add(measured(together, 20, Math.exp(noise * random.nextGaussian())));
        }
      }
    }
    return probes;
  }

  @Test
  void theCostsOfAnEngineThatKeepsToThemAreFound() {
    StepFit fit = StepFit.of(probes(0, new SplittableRandom(1)));
    assertThat(fit.overheadNanos()).isCloseTo(TRUE.overheadNanos(), within(1e5));
    assertThat(fit.stepNanos()).isCloseTo(TRUE.stepNanos(), within(1e5));
    assertThat(fit.perSequenceNanos()).isCloseTo(TRUE.perSequenceNanos(), within(1e5));
    assertThat(fit.perCachedTokenNanos()).isCloseTo(TRUE.perCachedTokenNanos(), within(10.0));
    assertThat(fit.perPromptTokenNanos()).isCloseTo(TRUE.perPromptTokenNanos(), within(1e3));
  }

  @Test
  void noiseAndAProbeThatWasHeldUpMoveForecastsLittle() {
    for (long seed = 0; seed < 50; seed++) {
      List<Measured> probes = probes(0.03, new SplittableRandom(seed));
      probes.set(0, measured(1, 20, 10));
      StepFit fit = StepFit.of(probes);
      for (int together : new int[] {1, 2, 4}) {
        Measured shape = new Measured(together, 300, 32, 1, 1);
        assertThat(fit.perTokenNanos(shape))
            .as("seed %d, %d together", seed, together)
            .isCloseTo(TRUE.perTokenNanos(shape), Percentage.withPercentage(15));
      }
      Measured shape = new Measured(1, 1000, 32, 1, 1);
      assertThat(fit.firstTokenNanos(shape))
          .isCloseTo(TRUE.firstTokenNanos(shape), Percentage.withPercentage(8));
      assertThat(fit.perTokenError(probes)).isLessThan(0.08);
    }
  }

  @Test
  void anEngineThatServesOneAtATimeHasNoCostPerSequence() {
    List<Measured> alone =
        probes(0, new SplittableRandom(1)).stream().filter(each -> each.together() == 1).toList();
    StepFit fit = StepFit.of(alone);
    assertThat(fit.perSequenceNanos()).isZero();
    assertThat(fit.firstTokenError(alone)).isCloseTo(0, within(1e-3));
  }

  @Test
  void costsAreNeverBelowZero() {
    StepFit fit =
        StepFit.of(List.of(new Measured(1, 10, 8, 9e6, 5e6), new Measured(1, 1000, 8, 2e6, 1e6)));
    assertThat(fit.perPromptTokenNanos()).isZero();
    assertThat(fit.perCachedTokenNanos()).isZero();
    assertThat(fit.stepNanos()).isPositive();
  }

  @Test
  void withoutAPaceThereIsNothingToFit() {
    assertThatThrownBy(() -> StepFit.of(List.of(new Measured(1, 10, 1, 9e6, Double.NaN))))
        .hasMessage("measured: no request alone with two tokens (expected: some)");
  }
}
