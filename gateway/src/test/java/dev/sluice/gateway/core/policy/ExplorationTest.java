package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static dev.sluice.gateway.core.policy.PolicyFixtures.candidates;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Track;
import dev.sluice.gateway.core.request.Budget;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class ExplorationTest {

  private static final int DECISIONS = 100_000;
  private static final long NOW = 1_000 * SECOND;
  private static final Budget EASY = new Budget(2 * SECOND, 0, 0);

  /** The fleet after the deployment taught something at {@code nanos}. */
  private static FleetSnapshot learned(FleetSnapshot fleet, int index, long nanos) {
    Track prior = Track.prior();
    double[] factors = new double[Track.COMPONENTS];
    Arrays.fill(factors, 1);
    Track track = prior.with(factors, 1_000, nanos);
    return fleet.after(new Observation.Learned(index, Calibration.all(track)));
  }

  /** How often another than 0 is asked, and who, when 0 is the best. */
  private static int[] asked(FleetSnapshot fleet, Budget budget) {
    RandomGenerator random = new SplittableRandom(7);
    Candidates candidates = candidates(fleet, PolicyFixtures.request(budget), NOW);
    int[] asked = new int[fleet.size()];
    for (int i = 0; i < DECISIONS; i++) {
      asked[Exploration.instead(candidates, 0, random)]++;
    }
    return asked;
  }

  @Test
  void oneRequestInAHundredGoesToWhomWeHaveLearnedLeastOfLately() {
    FleetSnapshot fleet = PolicyFixtures.gpus(3);
    fleet = learned(fleet, 0, NOW - SECOND);
    fleet = learned(fleet, 1, NOW - 60 * SECOND);
    fleet = learned(fleet, 2, NOW - 30 * SECOND);
    int[] asked = asked(fleet, EASY);
    assertThat(asked[1] / (double) DECISIONS).isBetween(0.009, 0.011);
    assertThat(asked[2]).isZero();
  }

  @Test
  void whoTaughtSomethingLatelyIsNotExplored() {
    FleetSnapshot fleet = PolicyFixtures.gpus(2);
    fleet = learned(fleet, 0, NOW - SECOND);
    fleet = learned(fleet, 1, NOW - 9 * SECOND);
    assertThat(asked(fleet, EASY)[1]).isZero();
  }

  @Test
  void whoNeverTaughtAnythingComesFirst() {
    FleetSnapshot fleet = learned(PolicyFixtures.gpus(2), 0, NOW - SECOND);
    assertThat(asked(fleet, EASY)[1]).isPositive();
  }

  @Test
  void noRequestPaysForItWithItsBudget() {
    FleetSnapshot fleet =
        PolicyFixtures.fleet(
            2, i -> i == 0 ? CoreFixtures.lpu(0, "lpu", 4) : CoreFixtures.gpu(1, "gpu"));
    fleet = learned(fleet, 0, NOW - SECOND);
    assertThat(asked(fleet, new Budget(0, 4 * MILLISECOND, 0))[1]).isZero();
    assertThat(asked(fleet, EASY)[1]).isPositive();
  }

  @Test
  void aRequestThatNobodyIsWorthExploresNobody() {
    FleetSnapshot fleet = PolicyFixtures.gpus(2);
    RandomGenerator random = new SplittableRandom(7);
    Candidates hopeless =
        candidates(fleet, PolicyFixtures.request(new Budget(MILLISECOND, 0, 0)), NOW);
    for (int i = 0; i < 1_000; i++) {
      assertThat(new BidPriceRouting().choose(hopeless, random)).isEqualTo(RoutingPolicy.NOBODY);
    }
  }
}
