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
          fleet = fleet.after(new Observation.FirstToken(life.index, life.work, 1, step));
          lives.add(new Life(life.index, life.work, true));
        } else {
          fleet = fleet.after(life.ended());
        }
      }
    }
    for (Life life : lives) {
      fleet = fleet.after(life.ended());
    }
    List<Object> left = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Load load = fleet.get(i).load();
      left.addAll(
          List.of(load.prefilling(), load.decoding(), load.prefillTokens(), load.kvTokens()));
    }
    return left;
  }

  private record Life(int index, Work work, boolean hadToken) {
    Observation ended() {
      return new Observation.Ended(index, work, hadToken ? 5 : 0, hadToken, 10, 1000);
    }
  }

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
  void deploymentsThatDifferInNothingButTheirNameFormOnePool() {
    FleetSnapshot fleet =
        FleetSnapshot.of(
            List.of(gpu, lpu, CoreFixtures.gpu(2, "other"), CoreFixtures.lpu(3, "l", 4)));
    assertThat(fleet.pools(CoreFixtures.MODEL))
        .extracting(pool -> pool.members().length)
        .containsExactly(2, 1, 1);
  }

  @Test
  void thePriceRisesWhileMoreIsAskedThanCanBeDoneAndFallsAgain() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(gpu)).after(new Observation.Tick(0));
    Work work = new Work(1000, 1100, 1e9, 30e9);
    FleetSnapshot busy =
        fleet
            .after(new Observation.Dispatched(0, work, 0))
            .after(new Observation.Tick(1_000_000_000));
    assertThat(busy.get(0).price()).isGreaterThan(0);
    FleetSnapshot idle = busy.after(new Observation.Tick(200_000_000_000L));
    assertThat(idle.get(0).price()).isZero();
  }

  @Test
  void aDeploymentThatRunsNothingCostsNothing() {
    Work work = new Work(1000, 1100, 1e9, 30e9);
    FleetSnapshot done =
        FleetSnapshot.of(List.of(gpu))
            .after(new Observation.Tick(0))
            .after(new Observation.Dispatched(0, work, 0))
            .after(new Observation.Tick(1_000_000_000))
            .after(new Observation.Ended(0, work, 0, false, 10, 1_000_000_001))
            .after(new Observation.Tick(1_100_000_000));
    assertThat(done.get(0).price()).isZero();
  }

  @Test
  void aModelIsContendedWhenNobodyWhoCanBeAskedHasRoom() {
    FleetSnapshot fleet =
        FleetSnapshot.of(List.of(gpu, CoreFixtures.gpu(1, "other"))).after(new Observation.Tick(0));
    Work work = new Work(1000, 1100, 1e9, 30e9);
    FleetSnapshot half =
        fleet
            .after(new Observation.Dispatched(0, work, 0))
            .after(new Observation.Tick(100_000_000));
    assertThat(half.isContended(CoreFixtures.MODEL)).isFalse();
    FleetSnapshot alone =
        half.after(new Observation.Reachability(1, false)).after(new Observation.Tick(200_000_000));
    assertThat(alone.isContended(CoreFixtures.MODEL)).isTrue();
    assertThat(alone.after(new Observation.Tick(200_000_000_000L)).isContended("unknown"))
        .isFalse();
  }

  @Test
  void aReportThatLiesIsNotBelieved() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(gpu));
    FleetSnapshot after = fleet.after(new Observation.Reported(0, -1, 3, 100, 7));
    assertThat(after.get(0).report()).isEqualTo(Report.NONE);
  }

  @Test
  void aReportTellsTheWorkOfOthers() {
    FleetSnapshot fleet =
        FleetSnapshot.of(List.of(gpu))
            .after(new Observation.Dispatched(0, Work.of(gpu, 10, 10), 0))
            .after(new Observation.Reported(0, 3, 1, 110, 7));
    assertThat(fleet.get(0).report()).isEqualTo(new Report(7, 3, 1, 3, 100));
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
