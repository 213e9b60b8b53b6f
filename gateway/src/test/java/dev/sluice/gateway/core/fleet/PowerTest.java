package dev.sluice.gateway.core.fleet;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.CoreFixtures;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PowerTest {

  /** Four H100 with the 70B model: science §2.5. */
  private final Deployment gpu =
      withEnergy(CoreFixtures.gpu(0, "gpu"), new Economics.Energy(27.8, 0.381, 0.05, 280));

  private final Deployment lpu =
      withEnergy(CoreFixtures.lpu(1, "lpu", 8), new Economics.Energy(0, 0.1, 0.001, 5000));

  private static Deployment withEnergy(Deployment deployment, Economics.Energy energy) {
    return new Deployment(
        deployment.index(),
        deployment.identity(),
        deployment.figures(),
        new Economics(1, 0, 0, energy),
        deployment.contextTokens());
  }

  @Test
  void whoDoesNothingDrawsIdlePower() {
    assertThat(Power.watts(gpu, 0, 0, 0)).isEqualTo(280);
    assertThat(Power.watts(lpu, 0, 0, 0)).isEqualTo(5000);
  }

  @Test
  void aBatchDrawsItsStepsEnergyOverTheStepsLength() {
    double step = (15.9 + 64 * 0.1) * MILLISECOND / 1e9;
    assertThat(Power.watts(gpu, 64, 0, 0)).isCloseTo((27.8 + 64 * 0.381) / step, within(1e-6));
    // measured there: 331 + 34·log2(64) watts for each of four
    assertThat(Power.watts(gpu, 64, 0, 0)).isCloseTo(4 * (331 + 34 * 6), within(220.0));
  }

  @Test
  void aPromptThatWaitsCanOnlyAdd() {
    double prompt = Power.watts(gpu, 64, 5000, 0);
    assertThat(prompt).isGreaterThanOrEqualTo(Power.watts(gpu, 64, 0, 0));
    // a chunk is all that one step takes
    assertThat(prompt).isEqualTo(Power.watts(gpu, 64, 50_000, 0));
  }

  @Test
  void slotsAddToIdlePowerUntilAllAreBusy() {
    double one = Power.watts(lpu, 1, 0, 0);
    assertThat(one).isCloseTo(5000 + 0.1 / 3.6e-3, within(0.1));
    assertThat(Power.watts(lpu, 8, 0, 0) - 5000).isCloseTo(8 * (one - 5000), within(1e-6));
    assertThat(Power.watts(lpu, 80, 0, 0)).isEqualTo(Power.watts(lpu, 8, 0, 0));
  }

  @Test
  void theFleetsSumIsKeptUpWhateverHappens() {
    for (long seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      FleetSnapshot fleet = FleetSnapshot.of(List.of(gpu, lpu));
      List<Observation> endings = new ArrayList<>();
      for (int step = 0; step < 100; step++) {
        int index = random.nextInt(2);
        Work work = Work.of(fleet.get(index).deployment(), random.nextInt(1, 5000), 100);
        fleet = fleet.after(new Observation.Dispatched(index, work, step));
        endings.add(new Observation.Ended(index, work, 0, false, 10, step));
        if (random.nextBoolean()) {
          fleet = fleet.after(endings.remove(random.nextInt(endings.size())));
        }
        fleet = fleet.after(new Observation.Reported(index, random.nextInt(40), 0, 0, step));
        assertThat(fleet.watts())
            .as("seed %d, step %d", seed, step)
            .isCloseTo(fleet.get(0).watts() + fleet.get(1).watts(), within(1e-6));
      }
    }
  }

  @Test
  void aFurtherRequestIsForeseenAsItComes() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(gpu, lpu));
    for (int i = 0; i < 30; i++) {
      int index = i % 2;
      Work work = Work.of(fleet.get(index).deployment(), 700, 100);
      double foreseen = fleet.watts() + fleet.get(index).wattsWith(700) - fleet.get(index).watts();
      fleet = fleet.after(new Observation.Dispatched(index, work, i));
      assertThat(fleet.watts()).isCloseTo(foreseen, within(1e-6));
    }
  }
}
