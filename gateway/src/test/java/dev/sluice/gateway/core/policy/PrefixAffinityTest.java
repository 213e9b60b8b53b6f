package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.policy.PolicyFixtures.busy;
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
import dev.sluice.gateway.core.request.Prefix;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PrefixAffinityTest {

  private static final int KEYS = 2_000;

  private final PrefixAffinity policy = new PrefixAffinity();

  @Test
  void requestsOfOneKeyGoToOnePlaceAndKeysSpread() {
    FleetSnapshot fleet = gpus(8);
    int[] counts = new int[8];
    for (long key = 1; key <= KEYS; key++) {
      int home = home(fleet, key);
      assertThat(home(fleet, key)).isEqualTo(home);
      counts[home]++;
    }
    for (int count : counts) {
      assertThat(count).isCloseTo(KEYS / 8, within(60));
    }
  }

  @Test
  void aCandidateThatGoesMovesItsOwnKeysOnly() {
    FleetSnapshot eight = gpus(8);
    FleetSnapshot seven = gpus(7);
    for (long key = 1; key <= KEYS; key++) {
      int home = home(eight, key);
      if (home < 7) {
        assertThat(home(seven, key)).as("key %d", key).isEqualTo(home);
      }
    }
  }

  @Test
  void keysFallOnCandidatesInProportionToTheirCapacity() {
    FleetSnapshot fleet =
        PolicyFixtures.fleet(
            2, i -> i == 0 ? CoreFixtures.lpu(0, "one", 2) : CoreFixtures.lpu(1, "other", 6));
    int first = 0;
    for (long key = 1; key <= KEYS; key++) {
      first += home(fleet, key) == 0 ? 1 : 0;
    }
    assertThat(first).isCloseTo(KEYS / 4, within(80));
  }

  @Test
  void nobodyHoldsMoreThanItsShareAndAQuarterMore() {
    FleetSnapshot fleet = gpus(4);
    Work work = Work.of(fleet.get(0).deployment(), 10, 10);
    for (int i = 1; i <= 400; i++) {
      // every request has the same key
      int home = home(fleet, 77);
      fleet = fleet.after(new Observation.Dispatched(home, work, i));
      int most = (int) Math.ceil(1.25 * i / 4 + 1e-9);
      for (int j = 0; j < 4; j++) {
        assertThat(fleet.get(j).load().inFlight()).isLessThanOrEqualTo(most);
      }
    }
  }

  @Test
  void theOverflowOfAFullPlaceSpreads() {
    FleetSnapshot fleet = gpus(8);
    FleetSnapshot full = busy(fleet, home(fleet, 1), 50);
    boolean[] taken = new boolean[8];
    for (long key = 1; key <= KEYS; key++) {
      if (home(fleet, key) == home(fleet, 1)) {
        taken[home(full, key)] = true;
      }
    }
    taken[home(fleet, 1)] = true;
    assertThat(taken).containsOnly(true);
  }

  @Test
  void stickinessEndsWhereWaitingPromptsTakeLongerThanTheBudget() {
    // 40 prompts of 1,000 tokens wait at the home: 3.7 s; everybody else is as full with decodes
    FleetSnapshot fleet = gpus(3);
    int home = home(fleet, 5);
    FleetSnapshot waiting = fleet;
    for (int i = 0; i < 3; i++) {
      waiting = busy(waiting, i, 40);
      if (i != home) {
        waiting = decoding(waiting, i, 40);
      }
    }
    assertThat(home(waiting, 5)).isEqualTo(home);
    Budget hurried = new Budget(500 * MILLISECOND, 0, 0);
    assertThat(choose(waiting, withBudget(request(keyed(5)), hurried))).isNotEqualTo(home);
  }

  @Test
  void aRequestWithoutAKeyGoesAnywhere() {
    int[] counts = PolicyFixtures.choices("prefix-affinity", gpus(4), request(Prefix.NONE), 4_000);
    for (int count : counts) {
      assertThat(count).isCloseTo(1_000, within(120));
    }
  }

  private static FleetSnapshot decoding(FleetSnapshot fleet, int index, int times) {
    FleetSnapshot now = fleet;
    Work work = Work.of(fleet.get(index).deployment(), 1000, 100);
    for (int i = 0; i < times; i++) {
      now = now.after(new Observation.FirstToken(index, work, 1, 0));
    }
    return now;
  }

  private static AdmittedRequest withBudget(AdmittedRequest request, Budget budget) {
    return new AdmittedRequest(
        request.request(),
        request.model(),
        request.serviceClass(),
        budget,
        request.deadlineNanos(),
        request.output());
  }

  private static Prefix keyed(long key) {
    return new Prefix(256, new long[0], key);
  }

  private int home(FleetSnapshot fleet, long key) {
    return choose(fleet, request(keyed(key)));
  }

  private int choose(FleetSnapshot fleet, AdmittedRequest request) {
    Candidates candidates = PolicyFixtures.candidates(fleet, request, 0);
    return policy.choose(candidates, new SplittableRandom(1));
  }
}
