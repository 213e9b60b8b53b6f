package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static dev.sluice.gateway.core.policy.PolicyFixtures.answered;
import static dev.sluice.gateway.core.policy.PolicyFixtures.busy;
import static dev.sluice.gateway.core.policy.PolicyFixtures.choices;
import static dev.sluice.gateway.core.policy.PolicyFixtures.gpus;
import static dev.sluice.gateway.core.policy.PolicyFixtures.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.request.Budget;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PrequalTest {

  private static final int PROBES = 7;

  /** Seven that answered in 1 s, 2 s, … 7 s. */
  private static FleetSnapshot measured() {
    FleetSnapshot fleet = gpus(PROBES);
    for (int i = 0; i < PROBES; i++) {
      fleet = answered(fleet, i, (i + 1) * SECOND, 0);
    }
    return fleet;
  }

  @Test
  void amongColdOnesTheLowestLatencyWinsEvenWithMoreInFlight() {
    FleetSnapshot fleet = busy(busy(measured(), 0, 2), 5, 3);
    assertThat(choices("prequal", fleet, request(Budget.NONE), 100)[0]).isEqualTo(100);
  }

  @Test
  void aHotOneIsNotChosenHoweverFast() {
    FleetSnapshot fleet = busy(measured(), 0, 3);
    assertThat(choices("prequal", fleet, request(Budget.NONE), 100)[1]).isEqualTo(100);
  }

  @Test
  void theLatencyIsThatOfAnswersAtTheSameLoad() {
    FleetSnapshot fleet = gpus(2);
    for (int i = 0; i < 5; i++) {
      fleet = answered(answered(fleet, 0, SECOND, i), 1, 2 * SECOND, i);
    }
    FleetSnapshot loaded = busy(busy(fleet, 0, 4), 1, 4);
    for (int i = 0; i < 5; i++) {
      loaded = answered(answered(loaded, 0, 9 * SECOND, i), 1, 3 * SECOND, i);
    }
    assertThat(choices("prequal", loaded, request(Budget.NONE), 10)[1]).isEqualTo(10);
  }

  @Test
  void aProbeOlderThanASecondIsDroppedAndOneProbeIsNoPool() {
    FleetSnapshot fleet = measured();
    for (int i = 0; i < PROBES; i++) {
      fleet = fleet.after(new Observation.Reported(i, 0, 0, 0, i == 3 ? 8 * SECOND : 0));
    }
    Candidates candidates = PolicyFixtures.candidates(fleet, request(Budget.NONE), 8 * SECOND);
    boolean[] chosen = new boolean[PROBES];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200; i++) {
      chosen[Policies.named("prequal").choose(candidates, random)] = true;
    }
    assertThat(chosen).as("chance when but one probe is left").containsOnly(true);
    FleetSnapshot two = fleet.after(new Observation.Reported(6, 0, 0, 0, 8 * SECOND));
    Candidates pool = PolicyFixtures.candidates(two, request(Budget.NONE), 8 * SECOND);
    assertThat(Policies.named("prequal").choose(pool, random)).isEqualTo(3);
  }

  @Test
  void noMoreThanSixteenAreProbed() {
    FleetSnapshot fleet = gpus(200);
    for (int i = 0; i < 199; i++) {
      fleet = answered(fleet, i, (i + 1) * SECOND, 0);
    }
    int[] counts = choices("prequal", fleet, request(Budget.NONE), 2_000);
    // the unmeasured one is drawn into the pool 16 times in 200, and then comes first
    assertThat(counts[199]).isBetween(100, 220);
  }
}
