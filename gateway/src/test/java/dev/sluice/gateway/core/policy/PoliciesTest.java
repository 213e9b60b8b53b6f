package dev.sluice.gateway.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every policy. */
final class PoliciesTest {

  private static final int SEEDS = 500;

  private static List<String> names() {
    return Policies.names();
  }

  @Test
  void everyRuleIsThereByItsName() {
    assertThat(Policies.names())
        .containsExactly(
            "bid-price",
            "cheapest-adequate",
            "random",
            "round-robin",
            "weighted-round-robin",
            "least-request",
            "power-of-two",
            "peak-ewma",
            "c3",
            "prequal",
            "token-load",
            "prefix-affinity",
            "fastest",
            "headroom-least",
            "headroom-most");
  }

  @Test
  void aNameThatThereIsNotIsRefused() {
    assertThatThrownBy(() -> Policies.named("best"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("policy: best (expected: one of [bid-price, ");
  }

  @ParameterizedTest
  @MethodSource("names")
  void aChoiceIsACandidateAndOnlyRulesOfBudgetAndWorthChooseNobody(String name) {
    boolean mayRefuse = List.of("bid-price", "cheapest-adequate").contains(name);
    for (long seed = 0; seed < SEEDS; seed++) {
      Candidates candidates = candidates(seed);
      int choice = Policies.named(name).choose(candidates, new SplittableRandom(seed));
      assertThat(choice)
          .as("seed %d", seed)
          .isBetween(mayRefuse ? RoutingPolicy.NOBODY : 0, candidates.size() - 1);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void equalInputsGiveEqualChoices(String name) {
    for (long seed = 0; seed < SEEDS; seed++) {
      int one = Policies.named(name).choose(candidates(seed), new SplittableRandom(seed));
      int two = Policies.named(name).choose(candidates(seed), new SplittableRandom(seed));
      assertThat(one).as("seed %d", seed).isEqualTo(two);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aSingleCandidateIsChosenWhereverNobodyIsNotAChoice(String name) {
    FleetSnapshot one = PolicyFixtures.gpus(1);
    assertThat(PolicyFixtures.choose(name, one, new SplittableRandom(1))).isZero();
  }

  private static Candidates candidates(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FleetSnapshot fleet = PolicyFixtures.anyFleet(random);
    AdmittedRequest request = PolicyFixtures.anyRequest(random);
    return PolicyFixtures.candidates(fleet, request, PolicyFixtures.NOW);
  }
}
