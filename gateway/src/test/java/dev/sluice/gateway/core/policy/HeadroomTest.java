package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.policy.PolicyFixtures.busy;
import static dev.sluice.gateway.core.policy.PolicyFixtures.choices;
import static dev.sluice.gateway.core.policy.PolicyFixtures.gpus;
import static dev.sluice.gateway.core.policy.PolicyFixtures.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import org.junit.jupiter.api.Test;

final class HeadroomTest {

  private static final int TIMES = 20_000;

  private final AdmittedRequest relaxed =
      request(new Budget(2_000 * MILLISECOND, 100 * MILLISECOND, 0));

  /** Three GPUs of which the second has one request under way and the third five. */
  private final FleetSnapshot steps = busy(busy(gpus(3), 1, 1), 2, 5);

  @Test
  void leastPacksAndMostSpreads() {
    int[] least = choices("headroom-least", steps, relaxed, TIMES);
    assertThat(least[2]).isGreaterThan(least[1]);
    assertThat(least[1]).isGreaterThan(least[0]);
    int[] most = choices("headroom-most", steps, relaxed, TIMES);
    assertThat(most[0]).isGreaterThan(most[1]);
    assertThat(most[1]).isGreaterThan(most[2]);
  }

  @Test
  void theExtremesWeighOneHundredAndOneToOne() {
    FleetSnapshot two = busy(gpus(2), 1, 3);
    int[] least = choices("headroom-least", two, relaxed, TIMES);
    assertThat(least[0]).isCloseTo(TIMES / 102, within(60));
    int[] most = choices("headroom-most", two, relaxed, TIMES);
    assertThat(most[1]).isCloseTo(TIMES / 102, within(60));
  }

  @Test
  void whoMissesTheBudgetIsTriedOneTimeInAHundred() {
    // 30 prompts of 1,000 tokens ahead take 2.8 s, beyond the 2 s of the budget
    FleetSnapshot fleet = busy(gpus(2), 1, 30);
    int[] counts = choices("headroom-most", fleet, relaxed, TIMES);
    assertThat(counts[1]).isCloseTo(TIMES / 100, within(60));
  }

  @Test
  void whenAllMissItIdleOnesComeFirst() {
    AdmittedRequest hurried = request(new Budget(MILLISECOND, MILLISECOND, 0));
    FleetSnapshot fleet = busy(busy(gpus(3), 0, 1), 2, 1);
    assertThat(choices("headroom-least", fleet, hurried, 100)[1]).isEqualTo(100);
    assertThat(choices("headroom-most", fleet, hurried, 100)[1]).isEqualTo(100);
  }

  @Test
  void whenAllAreBusyAndMissItTheLesserMissComesFirst() {
    // the LPU meets 10 ms a token, no GPU does; neither meets the first token
    FleetSnapshot mixed =
        PolicyFixtures.fleet(
            2, i -> i == 0 ? CoreFixtures.gpu(0, "gpu") : CoreFixtures.lpu(1, "lpu", 8));
    FleetSnapshot fleet = busy(busy(mixed, 0, 1), 1, 1);
    AdmittedRequest both = request(new Budget(MILLISECOND, 10 * MILLISECOND, 0));
    assertThat(choices("headroom-most", fleet, both, 100)[1]).isEqualTo(100);
    // to miss the time per token only is less than to miss the first token only
    FleetSnapshot queued = busy(mixed, 1, 60);
    AdmittedRequest either = request(new Budget(1_000 * MILLISECOND, 10 * MILLISECOND, 0));
    assertThat(choices("headroom-most", busy(queued, 0, 1), either, 100)[0]).isEqualTo(100);
  }

  @Test
  void ofThoseThatMissItTheSmallerDeficitWeighsMoreEvenForMost() {
    AdmittedRequest hurried = request(new Budget(MILLISECOND, 0, 0));
    FleetSnapshot fleet = busy(busy(gpus(2), 0, 1), 1, 8);
    int[] counts = choices("headroom-most", fleet, hurried, 1_000);
    assertThat(counts[0]).isGreaterThan(950);
  }

  @Test
  void withoutABudgetTheFastestWeighsMost() {
    FleetSnapshot fleet = busy(busy(gpus(2), 0, 8), 1, 1);
    int[] counts = choices("headroom-least", fleet, request(Budget.NONE), 1_000);
    assertThat(counts[1]).isGreaterThan(950);
  }

  @Test
  void aTotalLimitsTheTimePerToken() {
    FleetSnapshot mixed =
        PolicyFixtures.fleet(
            2, i -> i == 0 ? CoreFixtures.gpu(0, "gpu") : CoreFixtures.lpu(1, "lpu", 8));
    // a hundred tokens in a second: 10 ms each at most, which the GPU misses
    int[] counts =
        choices("headroom-least", mixed, request(new Budget(0, 0, 1_000 * MILLISECOND)), TIMES);
    assertThat(counts[0]).isCloseTo(TIMES / 100, within(60));
  }

  @Test
  void theTightestBudgetAmongThoseThatRunThereLimitsTheTimePerToken() {
    FleetSnapshot fleet = running(running(gpus(3), 1, 5 * MILLISECOND), 2, 50 * MILLISECOND);
    int[] counts = choices("headroom-least", fleet, relaxed, TIMES);
    // who cannot keep 5 ms is of the lower tier, which is tried one time in a hundred
    assertThat(counts[1]).isCloseTo(TIMES / 100, within(60));
    assertThat(counts[2]).isGreaterThan(counts[0]);
  }

  /** One request more on the backend at {@code index}, with a budget per token. */
  private static FleetSnapshot running(FleetSnapshot fleet, int index, long perTokenNanos) {
    Work work = Work.of(fleet.get(index), request(new Budget(0, perTokenNanos, 0)));
    return fleet.after(new Observation.Dispatched(index, work, 0));
  }
}
