package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.policy.PolicyFixtures.choices;
import static dev.sluice.gateway.core.policy.PolicyFixtures.choose;
import static dev.sluice.gateway.core.policy.PolicyFixtures.gpus;
import static dev.sluice.gateway.core.policy.PolicyFixtures.request;
import static dev.sluice.gateway.core.policy.PolicyFixtures.turns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.request.Budget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rules that look at no load: chance, round robin and weighted round robin. */
final class TurnsTest {

  private final Deployment gpu = CoreFixtures.gpu(0, "gpu");

  @Test
  void chanceAsksEachAsOften() {
    for (int count : choices("random", gpus(5), request(Budget.NONE), 10_000)) {
      assertThat(count).isCloseTo(2_000, within(200));
    }
  }

  @Test
  void roundRobinAsksEachEquallyOftenWhateverItsSize() {
    FleetSnapshot mixed =
        PolicyFixtures.fleet(
            3, i -> i == 0 ? CoreFixtures.gpu(0, "gpu") : CoreFixtures.lpu(i, "lpu-" + i, 1));
    assertThat(turns("round-robin", mixed, 300)).containsExactly(100, 100, 100);
  }

  @Test
  void roundRobinDoesNotFloodWhoWasAwayForLong() {
    FleetSnapshot fleet = gpus(3);
    for (int i = 0; i < 1000; i++) {
      fleet = sent(fleet, i % 2, i);
    }
    List<Integer> choices = new ArrayList<>();
    for (int i = 1000; i < 1006; i++) {
      int choice = choose("round-robin", fleet, new SplittableRandom(1));
      choices.add(choice);
      fleet = sent(fleet, choice, i);
    }
    assertThat(choices).containsExactly(2, 0, 1, 2, 0, 1);
  }

  @Test
  void roundRobinGoesRoundAlsoWithinOneInstant() {
    FleetSnapshot fleet = gpus(3);
    List<Integer> choices = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      int choice = choose("round-robin", fleet, new SplittableRandom(1));
      choices.add(choice);
      fleet = sent(fleet, choice, 5);
    }
    assertThat(choices).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void weightedRoundRobinAsksEachInProportionToItsCapacity() {
    for (long seed = 0; seed < 20; seed++) {
      FleetSnapshot fleet = anyWeights(seed);
      double all = 0;
      for (int i = 0; i < fleet.size(); i++) {
        all += capacity(fleet, i);
      }
      int[] counts = turns("weighted-round-robin", fleet, 1000);
      for (int i = 0; i < counts.length; i++) {
        assertThat(counts[i])
            .as("seed %d, deployment %d", seed, i)
            .isCloseTo((int) Math.round(1000 * capacity(fleet, i) / all), within(4));
      }
    }
  }

  @Test
  void weightedRoundRobinSpreadsEachOnesTurnsEvenly() {
    FleetSnapshot fleet = anyWeights(3);
    int[] last = new int[fleet.size()];
    Arrays.fill(last, -1);
    List<TreeSet<Integer>> distances = new ArrayList<>();
    for (int i = 0; i < fleet.size(); i++) {
      distances.add(new TreeSet<>());
    }
    for (int turn = 0; turn < 2000; turn++) {
      int choice = choose("weighted-round-robin", fleet, new SplittableRandom(1));
      if (last[choice] >= 0) {
        distances.get(choice).add(turn - last[choice]);
      }
      last[choice] = turn;
      fleet = sent(fleet, choice, turn);
    }
    assertThat(distances).allSatisfy(d -> assertThat(d).hasSizeLessThanOrEqualTo(3));
  }

  @Test
  void weightedRoundRobinDoesNotFloodWhoWasAwayForLong() {
    FleetSnapshot fleet = gpus(2);
    for (int i = 0; i < 1000; i++) {
      fleet = sent(fleet, 0, i);
    }
    int[] counts = turns("weighted-round-robin", fleet, 100);
    assertThat(counts[1]).isCloseTo(50, within(2));
  }

  private FleetSnapshot sent(FleetSnapshot fleet, int index, long nowNanos) {
    return fleet.after(new Observation.Dispatched(index, Work.of(gpu, 10, 10), nowNanos));
  }

  private static FleetSnapshot anyWeights(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return PolicyFixtures.fleet(
        random.nextInt(2, 8), i -> CoreFixtures.lpu(i, "lpu-" + i, random.nextInt(1, 20)));
  }

  private static double capacity(FleetSnapshot fleet, int index) {
    return fleet.get(index).deployment().figures().capacityPerSecond();
  }
}
