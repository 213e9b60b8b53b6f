package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EnergySweepTest {

  private static final Profile H100 = Profiles.find("h100x4-llama-3.3-70b").orElseThrow();

  /** Science §2.5: J/token = 27.8 / B + 0.381. */
  @Test
  void aTokenCostsItsShareOfTheStepAndItsOwn() {
    EnergySweep sweep = new EnergySweep(H100, List.of(1), 2);
    for (int batch : new int[] {1, 8, 64, 256}) {
      assertThat(sweep.perTokenJoules(batch)).isCloseTo(27.8 / batch + 0.381, within(0.03));
    }
  }

  /** Science §7.3. */
  @Test
  void aGpuTakesSeventeenTogetherToReachTwoJoules() {
    assertThat(new EnergySweep(H100, List.of(1), 2).crossover()).isCloseTo(17, within(0.5));
  }

  @Test
  void whatIsOutOfReachIsNeverReached() {
    assertThat(new EnergySweep(H100, List.of(1), 0.1).crossover())
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(new EnergySweep(H100, List.of(1), 100).crossover()).isEqualTo(1);
  }
}
