package dev.sluice.gateway.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.core.CoreFixtures;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FleetSnapshotTest {

  private final Deployment gpu = CoreFixtures.gpu(0, "gpu");
  private final Deployment lpu = CoreFixtures.lpu(1, "lpu", 8);

  @Test
  void theBooksBalanceWhateverTheOrderOfEvents() {
    for (long seed = 0; seed < 200; seed++) {
      assertThat(loadAfterRandomLives(new SplittableRandom(seed)))
          .as("seed %d", seed)
          .isEqualTo(List.of(0, 0, 0L, 0L, 0, 0, 0L, 0L));
    }
  }

  /** Starts and ends attempts at random, then ends all; the load that is left. */
  private List<Object> loadAfterRandomLives(SplittableRandom random) {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(gpu, lpu));
    List<Life> lives = new ArrayList<>();
    for (int step = 0; step < 100; step++) {
      if (lives.isEmpty() || random.nextInt(3) > 0) {
        int index = random.nextInt(2);
        Work work = Work.of(fleet.get(index).deployment(), random.nextInt(1, 5000), 100);
        fleet = fleet.after(new Observation.Dispatched(index, work, step));
        lives.add(new Life(index, work, false));
      } else {
        Life life = lives.remove(random.nextInt(lives.size()));
        if (!life.hadToken && random.nextBoolean()) {
          fleet = fleet.after(new Observation.FirstToken(life.index, life.work));
          lives.add(new Life(life.index, life.work, true));
        } else {
          fleet = fleet.after(new Observation.Ended(life.index, life.work, life.hadToken));
        }
      }
    }
    for (Life life : lives) {
      fleet = fleet.after(new Observation.Ended(life.index, life.work, life.hadToken));
    }
    List<Object> left = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Load load = fleet.get(i).load();
      left.addAll(
          List.of(load.prefilling(), load.decoding(), load.prefillTokens(), load.kvTokens()));
    }
    return left;
  }

  private record Life(int index, Work work, boolean hadToken) {}

  @Test
  void aSnapshotDoesNotChangeWhenTheNextOneIsMade() {
    FleetSnapshot before = FleetSnapshot.of(List.of(gpu, lpu));
    FleetSnapshot after = before.after(new Observation.Dispatched(0, Work.of(gpu, 10, 10), 0));
    assertThat(before.get(0).load()).isEqualTo(Load.IDLE);
    assertThat(after.get(0).load().prefilling()).isEqualTo(1);
  }

  @Test
  void anObservationThatChangesNothingMakesNoNewSnapshot() {
    FleetSnapshot before = FleetSnapshot.of(List.of(gpu, lpu));
    assertThat(before.after(new Observation.Reachability(0, true))).isSameAs(before);
  }

  @Test
  void anIndexThatIsNotThePlaceIsRefused() {
    assertThatThrownBy(() -> FleetSnapshot.of(List.of(lpu)))
        .hasMessage("index of lpu: 1 (expected: 0)");
  }

  @Test
  void promptWorkOfLateFades() {
    DecayedWork work = DecayedWork.NONE.plus(2e9, 0);
    assertThat(work.share(0)).isEqualTo(0.2);
    assertThat(work.share(10_000_000_000L)).isBetween(0.07, 0.08);
    assertThat(work.plus(1e9, 10_000_000_000L).share(10_000_000_000L)).isBetween(0.17, 0.18);
  }
}
