package dev.sluice.gateway.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.selection.Caps;
import dev.sluice.gateway.core.selection.Rules;
import dev.sluice.gateway.core.selection.Selection;
import dev.sluice.gateway.core.selection.Selection.Exclusion;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What failures make of a fleet, and of the choice among its deployments. */
final class HealthTest {

  private static final long SECOND = 1_000_000_000L;

  private static FleetSnapshot fleet(int size) {
    List<Deployment> deployments = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      deployments.add(CoreFixtures.gpu(i, "gpu-" + i));
    }
    return FleetSnapshot.of(deployments);
  }

  private static FleetSnapshot failed(FleetSnapshot fleet, int index, int times, long nowNanos) {
    FleetSnapshot after = fleet;
    for (int i = 0; i < times; i++) {
      after = after.after(new Observation.Faulted(index, false, 0, nowNanos));
    }
    return after;
  }

  private static Rules rules(FleetSnapshot fleet, long nowNanos) {
    return new Rules(
        CoreFixtures.admitted(100, 10, Budget.NONE), fleet, _ -> false, Caps.NONE, nowNanos);
  }

  private static int candidates(FleetSnapshot fleet, long nowNanos) {
    return Selection.orDesperate(rules(fleet, nowNanos), true, new SplittableRandom(1)).size();
  }

  @Test
  void whoFailsIsLeftAloneAndTheReasonIsSaid() {
    FleetSnapshot fleet = failed(fleet(4), 2, 5, 0);
    assertThat(candidates(fleet, 0)).isEqualTo(3);
    assertThat(Selection.excluded(rules(fleet, 0))).containsEntry(Exclusion.EJECTED, 1);
  }

  @Test
  void atMostHalfOfThoseThatCanBeReachedAreLeftAlone() {
    FleetSnapshot fleet = fleet(4).after(new Observation.Reachability(3, false));
    for (int i = 0; i < 3; i++) {
      fleet = failed(fleet, i, 50, 0);
    }
    assertThat(candidates(fleet, 0)).as("of three, one may be left alone").isEqualTo(2);
  }

  @Test
  void theLastOneIsNeverLeftAlone() {
    assertThat(candidates(failed(fleet(1), 0, 50, 0), 0)).isEqualTo(1);
  }

  @Test
  void whenTheOthersAreGoneAnIllOneIsBetterThanNone() {
    FleetSnapshot fleet = failed(fleet(2), 0, 5, 0).after(new Observation.Reachability(1, false));
    assertThat(candidates(fleet, 0)).isEqualTo(1);
  }

  @Test
  void failuresDuringOurOwnPauseTellNothingOfTheBackend() {
    FleetSnapshot ticking = fleet(2).after(new Observation.Tick(0));
    FleetSnapshot late = ticking;
    for (int i = 0; i < 5; i++) {
      late = late.after(new Observation.Faulted(0, false, 0, 3 * SECOND));
    }
    assertThat(candidates(late, 3 * SECOND)).as("before time was told again").isEqualTo(2);
    FleetSnapshot awake = ticking.after(new Observation.Tick(3 * SECOND));
    for (int i = 0; i < 5; i++) {
      awake = awake.after(new Observation.Faulted(0, false, SECOND, 3 * SECOND + 1));
    }
    assertThat(candidates(awake, 3 * SECOND + 1)).as("sent before the pause").isEqualTo(2);
    FleetSnapshot later = failed(awake, 0, 5, 3 * SECOND + 2);
    assertThat(candidates(later, 3 * SECOND + 2)).as("sent after it").isEqualTo(1);
  }

  @Test
  void whoAsksToBeLeftAloneIsForAsLongAsItAsks() {
    FleetSnapshot fleet = fleet(2).after(new Observation.PushedBack(0, 2 * SECOND, SECOND));
    assertThat(candidates(fleet, 2 * SECOND)).isEqualTo(1);
    assertThat(candidates(fleet, 3 * SECOND)).isEqualTo(2);
  }

  @Test
  void whoAsksToBeLeftAloneIsEvenWhenNobodyElseIsLeft() {
    FleetSnapshot fleet =
        failed(fleet(3), 1, 5, SECOND)
            .after(new Observation.PushedBack(0, 2 * SECOND, SECOND))
            .after(new Observation.Reachability(2, false));
    assertThat(candidates(fleet, SECOND)).as("of one ill and one that rests").isEqualTo(1);
    FleetSnapshot resting = fleet.after(new Observation.PushedBack(1, SECOND, SECOND));
    assertThat(candidates(resting, SECOND)).isZero();
    assertThat(Selection.excluded(rules(resting, SECOND).inDespair()))
        .containsEntry(Exclusion.RESTING, 2);
    assertThat(candidates(resting, 2 * SECOND)).as("the ill one's rest is over").isEqualTo(1);
  }

  @Test
  void whoWasLetBackGetsItsShareOnly() {
    FleetSnapshot fleet = failed(fleet(2), 0, 5, 0);
    Work work = Work.of(fleet.get(0).deployment(), 100, 10);
    for (int i = 0; i < 2; i++) {
      fleet =
          fleet
              .after(new Observation.Dispatched(0, work, SECOND))
              .after(new Observation.FirstToken(0, work, 1, SECOND))
              .after(new Observation.Ended(0, work, 10, true, 2, SECOND));
    }
    int asked = 0;
    for (int i = 0; i < 1_000; i++) {
      asked += candidates(fleet, 6 * SECOND + i) - 1;
    }
    assertThat(asked).isBetween(500, 600);
  }
}
