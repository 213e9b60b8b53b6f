package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.fleet.Track;
import org.junit.jupiter.api.Test;

final class ResidualsTest {

  private final Residuals residuals = new Residuals(Track.prior());

  @Test
  void theyBeginWithThePrior() {
    float[] cumulative = residuals.cumulative();
    for (int edge = 0; edge <= Track.BINS; edge++) {
      assertThat((double) cumulative[edge]).isCloseTo(Track.prior().cumulative(edge), within(1e-6));
    }
  }

  @Test
  void aSampleCountsHalfAfterThreeHundredOthers() {
    addMany(5, 100_000);
    residuals.add(100);
    double fresh = partAbove(50);
    addMany(5, Residuals.HALF_LIFE_SAMPLES);
    assertThat(partAbove(50)).isCloseTo(fresh / 2, within(fresh * 0.01));
  }

  @Test
  void theyForgetForeverWithoutOverflow() {
    addMany(5, 200_000);
    addMany(100, 200_000);
    assertThat(residuals.samples()).isEqualTo(400_000);
    assertThat(partAbove(50)).isCloseTo(1, within(1e-6));
    assertThat(residuals.cumulative()[Track.BINS]).isEqualTo(1f, within(1e-6f));
  }

  @Test
  void aSampleThatIsMovedIsNotCountedTwice() {
    addMany(5, 1_000);
    long sample = residuals.add(5);
    addMany(5, 10);
    Residuals straight = new Residuals(Track.prior());
    for (int i = 0; i < 1_011; i++) {
      straight.add(i == 1_000 ? 100 : 5);
    }
    residuals.move(sample, 5, 100);
    assertThat(residuals.cumulative()).containsExactly(straight.cumulative(), within(1e-6f));
  }

  @Test
  void aSampleMovedLongAfterItWasForgottenChangesNothing() {
    long sample = residuals.add(5);
    addMany(60, 100_000);
    residuals.move(sample, 5, 100);
    assertThat(partAbove(90)).isCloseTo(0, within(1e-9));
  }

  private void addMany(int bin, int samples) {
    for (int i = 0; i < samples; i++) {
      residuals.add(bin);
    }
  }

  private double partAbove(int bin) {
    return 1 - residuals.cumulative()[bin];
  }
}
