package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Economics;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.selection.Caps;
import dev.sluice.gateway.core.selection.Rules;
import dev.sluice.gateway.core.selection.Selection;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What it costs to look at a sample of many that are alike, in predicted time to first token. */
final class SamplingTest {

  private static final int FLEETS = 10;
  private static final int DECISIONS = 20;

  private final AdmittedRequest request =
      PolicyFixtures.request(new Budget(2_000 * MILLISECOND, 100 * MILLISECOND, 0));

  /** Of every hundred {@code busy} have a prompt waiting, and each of these more with even odds. */
  @ParameterizedTest
  @CsvSource({
    "cheapest-adequate, 1000, 1, 95",
    "cheapest-adequate, 1000, 3, 90",
    "cheapest-adequate, 1000, 20, 90",
    "bid-price, 1000, 3, 90",
    "token-load, 1000, 3, 90",
    "token-load, 1000, 20, 90",
    "fastest, 1000, 3, 90"
  })
  void theChoiceOfASampleIsHardlyWorse(String policy, int size, int pools, int busy) {
    double sampled = 0;
    double whole = 0;
    for (long seed = 0; seed < FLEETS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      FleetSnapshot fleet = busy(size, pools, busy, random);
      for (int i = 0; i < DECISIONS; i++) {
        sampled += firstTokenNanos(policy, fleet, false, random);
        whole += firstTokenNanos(policy, fleet, true, random);
      }
    }
    assertThat(sampled / whole - 1).isLessThanOrEqualTo(0.05);
  }

  @Tag("thorough")
  @ParameterizedTest
  @ValueSource(ints = {80, 95})
  void noMoreAmongTenThousand(int busy) {
    theChoiceOfASampleIsHardlyWorse("cheapest-adequate", 10_000, 3, busy);
  }

  private double firstTokenNanos(
      String policy, FleetSnapshot fleet, boolean whole, RandomGenerator random) {
    Rules rules = new Rules(request, fleet, _ -> false, Caps.NONE, 0);
    Selection selection = Selection.of(rules, whole, random);
    Candidates candidates = new Candidates(request, selection.candidates(), 0);
    int choice = Policies.named(policy).choose(candidates, random);
    assertThat(choice).isNotEqualTo(RoutingPolicy.NOBODY);
    return candidates.firstTokenNanos(choice);
  }

  private static FleetSnapshot busy(int size, int pools, int busy, RandomGenerator random) {
    FleetSnapshot fleet = PolicyFixtures.fleet(size, i -> ofPool(i, i % pools));
    for (int i = 0; i < size; i++) {
      Work work = Work.of(fleet.get(i).deployment(), 1000, 100);
      boolean more = random.nextInt(100) < busy;
      while (more) {
        fleet = fleet.after(new Observation.Dispatched(i, work, 0));
        more = random.nextBoolean();
      }
    }
    return fleet;
  }

  /** GPUs alike in speed, each pool dearer than the one before. */
  private static Deployment ofPool(int index, int pool) {
    Deployment gpu = CoreFixtures.gpu(index, "gpu-" + index);
    Economics economics = new Economics(12 + pool, 0, 0, gpu.economics().energy());
    return new Deployment(index, gpu.identity(), gpu.figures(), economics, gpu.contextTokens());
  }
}
