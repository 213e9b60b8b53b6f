package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static dev.sluice.gateway.core.policy.PolicyFixtures.answered;
import static dev.sluice.gateway.core.policy.PolicyFixtures.busy;
import static dev.sluice.gateway.core.policy.PolicyFixtures.choices;
import static dev.sluice.gateway.core.policy.PolicyFixtures.choose;
import static dev.sluice.gateway.core.policy.PolicyFixtures.gpus;
import static dev.sluice.gateway.core.policy.PolicyFixtures.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.request.Budget;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The rules that go by requests under way and by measured times. */
final class LoadRulesTest {

  @Test
  void leastRequestAsksWhoHasTheFewest() {
    FleetSnapshot fleet = busy(busy(busy(gpus(3), 0, 3), 1, 1), 2, 2);
    assertThat(choose("least-request", fleet, new SplittableRandom(1))).isEqualTo(1);
  }

  @Test
  void twoChoicesNeverTakeTheFullestOfSeveral() {
    FleetSnapshot fleet = busy(gpus(4), 2, 5);
    assertThat(choices("power-of-two", fleet, request(Budget.NONE), 3_000)[2]).isZero();
  }

  @Test
  void twoChoicesTakeTheLeastLoadedOnlyWhenItIsDrawn() {
    FleetSnapshot fleet = busy(busy(busy(gpus(4), 0, 1), 1, 2), 2, 3);
    int[] counts = choices("power-of-two", fleet, request(Budget.NONE), 12_000);
    // of the six pairs three hold the idle one, two the next without it, one the two fullest
    assertThat(counts[3]).isCloseTo(6_000, within(300));
    assertThat(counts[0]).isCloseTo(4_000, within(300));
    assertThat(counts[1]).isCloseTo(2_000, within(300));
    assertThat(counts[2]).isZero();
  }

  @Test
  void twoChoicesWeighLoadAgainstCapacityAndSeeWhatOthersSent() {
    FleetSnapshot sizes =
        PolicyFixtures.fleet(
            2, i -> i == 0 ? CoreFixtures.lpu(0, "small", 1) : CoreFixtures.lpu(1, "large", 8));
    assertThat(choose("power-of-two", busy(busy(sizes, 0, 1), 1, 4), new SplittableRandom(1)))
        .isEqualTo(1);
    FleetSnapshot others = gpus(2).after(new Observation.Reported(1, 20, 0, 0, 0));
    assertThat(choose("power-of-two", others, new SplittableRandom(1))).isZero();
  }

  @Test
  void peakEwmaTriesWhoWasNeverMeasuredOnceAndThenWaitsForItsAnswer() {
    FleetSnapshot fleet = answered(gpus(2), 0, SECOND, 0);
    assertThat(choose("peak-ewma", fleet, new SplittableRandom(1))).isEqualTo(1);
    assertThat(choose("peak-ewma", busy(fleet, 1, 1), new SplittableRandom(1))).isZero();
  }

  @Test
  void peakEwmaBelievesASlowAnswerAtOnceAndForgetsItSlowly() {
    FleetSnapshot fleet = gpus(2);
    for (int i = 1; i < 50; i++) {
      fleet = answered(answered(fleet, 0, SECOND, i * SECOND), 1, 2 * SECOND, i * SECOND);
    }
    assertThat(atTime(fleet, 50)).isZero();
    FleetSnapshot stalled = answered(fleet, 0, 10 * SECOND, 50 * SECOND);
    assertThat(atTime(stalled, 50)).isEqualTo(1);
    FleetSnapshot recovering = stalled;
    for (int i = 51; i < 54; i++) {
      recovering = answered(recovering, 0, SECOND, i * SECOND);
    }
    assertThat(atTime(recovering, 54)).isEqualTo(1);
    for (int i = 54; i < 90; i++) {
      recovering = answered(answered(recovering, 0, SECOND, i * SECOND), 1, 2 * SECOND, i * SECOND);
    }
    assertThat(atTime(recovering, 90)).isZero();
  }

  @Test
  void peakEwmaMultipliesByWhatIsPending() {
    FleetSnapshot fleet = answered(answered(gpus(2), 0, SECOND, 0), 1, 3 * SECOND, 0);
    assertThat(choose("peak-ewma", busy(fleet, 0, 1), new SplittableRandom(1))).isZero();
    assertThat(choose("peak-ewma", busy(fleet, 0, 3), new SplittableRandom(1))).isEqualTo(1);
  }

  private static int atTime(FleetSnapshot fleet, long seconds) {
    Candidates candidates =
        PolicyFixtures.candidates(fleet, request(Budget.NONE), seconds * SECOND);
    return Policies.named("peak-ewma").choose(candidates, new SplittableRandom(1));
  }

  @Test
  void theCubicRuleLetsNoSpeedMakeUpForALongQueue() {
    FleetSnapshot fleet = answered(answered(gpus(2), 0, SECOND / 10, 0), 1, 10 * SECOND, 0);
    assertThat(choose("c3", fleet, new SplittableRandom(1))).isZero();
    // the fast one saves 9.9 s; a queue of four costs 5³ times its engine time, about 23 s
    assertThat(choose("c3", busy(fleet, 0, 4), new SplittableRandom(1))).isEqualTo(1);
  }

  @Test
  void theCubicRuleCountsWhatOthersSent() {
    FleetSnapshot fleet = gpus(2).after(new Observation.Reported(0, 3, 2, 0, 0));
    assertThat(choose("c3", fleet, new SplittableRandom(1))).isEqualTo(1);
  }

  @Test
  void theCubicRuleScoresByItsFormula() {
    FleetSnapshot fleet = busy(answered(gpus(1), 0, 2 * SECOND, 0), 0, 2);
    double serviceNanos = fleet.get(0).measured().engineNanos();
    assertThat(serviceNanos).isPositive();
    Candidates candidates = PolicyFixtures.candidates(fleet, request(Budget.NONE), 0);
    assertThat(Policies.named("c3").score(candidates, 0))
        .isCloseTo(-(2e9 - serviceNanos + 27 * serviceNanos), within(1.0));
  }
}
