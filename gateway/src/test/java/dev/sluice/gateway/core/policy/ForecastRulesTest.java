package dev.sluice.gateway.core.policy;

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
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Prefix;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The rules that go by tokens to process and by predicted latency. */
final class ForecastRulesTest {

  private final Prefix prefix = new Prefix(256, LongStream.rangeClosed(11, 20).toArray());

  @Test
  void tokenLoadAsksWhoHasTheFewestTokensToProcess() {
    FleetSnapshot fleet = busy(busy(gpus(3), 0, 2), 2, 1);
    assertThat(choose("token-load", fleet, new SplittableRandom(1))).isEqualTo(1);
    FleetSnapshot others = fleet.after(new Observation.Reported(1, 1, 0, 1500, 0));
    assertThat(choose("token-load", others, new SplittableRandom(1))).isEqualTo(2);
  }

  @Test
  void tokenLoadLeavesOutWhatIsCached() {
    FleetSnapshot fleet = warm(gpus(3), 1);
    // everybody has the same tokens under way, and the warm one needs fewer for the request
    FleetSnapshot even = busy(busy(busy(fleet, 0, 1), 1, 1), 2, 1);
    assertThat(choices("token-load", even, request(prefix), 50)[1]).isEqualTo(50);
    FleetSnapshot loaded = busy(even, 1, 3);
    assertThat(choices("token-load", loaded, request(prefix), 50)[1]).isZero();
  }

  @Test
  void amongEqualsChanceDecides() {
    int[] counts = choices("token-load", gpus(4), request(Budget.NONE), 4_000);
    for (int count : counts) {
      assertThat(count).isCloseTo(1_000, within(120));
    }
  }

  @Test
  void theFastestIsAskedWhateverItCostsUntilItIsFull() {
    FleetSnapshot mixed =
        PolicyFixtures.fleet(
            2, i -> i == 0 ? CoreFixtures.gpu(0, "gpu") : CoreFixtures.lpu(1, "lpu", 2));
    assertThat(choose("fastest", mixed, new SplittableRandom(1))).isEqualTo(1);
    assertThat(choose("fastest", busy(mixed, 1, 20), new SplittableRandom(1))).isZero();
  }

  @Test
  void theFastestIsTheOneThatHoldsThePrompt() {
    assertThat(choices("fastest", warm(gpus(3), 2), request(prefix), 20)[2]).isEqualTo(20);
  }

  /** The fleet after {@link #prefix} was served by a deployment. */
  private FleetSnapshot warm(FleetSnapshot fleet, int index) {
    Work work = Work.of(fleet.get(index), request(prefix).request().size(), 100);
    return fleet
        .after(new Observation.Dispatched(index, work, 0))
        .after(new Observation.FirstToken(index, work, 1, 1))
        .after(new Observation.Ended(index, work, 100, true, 2, 2));
  }
}
