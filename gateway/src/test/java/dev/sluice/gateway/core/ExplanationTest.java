package dev.sluice.gateway.core;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.policy.RoutingPolicy;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Size;
import dev.sluice.gateway.core.selection.Caps;
import dev.sluice.gateway.core.selection.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ExplanationTest {

  private final FleetSnapshot fleet = fleet();

  private static List<String> policies() {
    return Policies.names();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void anExplanationComesToTheSameDecision(String policy) {
    DecisionCore core = core(policy, Caps.NONE);
    for (long seed = 0; seed < 100; seed++) {
      InferenceRequest request = request(seed);
      RoutingDecision decision =
          core.decide(request, Admission.Gate.OPEN, fleet, 5, new SplittableRandom(seed));
      Explanation explanation =
          core.explain(request, Admission.Gate.OPEN, fleet, 5, new SplittableRandom(seed));
      assertThat(explanation.decision().toString())
          .as("seed %d", seed)
          .isEqualTo(decision.toString());
      if (decision instanceof RoutingDecision.Route route) {
        Explanation.Considered choice = explanation.considered().get(explanation.choice());
        assertThat(choice.state()).isSameAs(route.choice().state());
        assertThat(choice.forecast()).isEqualTo(route.choice().forecast());
      } else {
        assertThat(explanation.choice()).isEqualTo(RoutingPolicy.NOBODY);
      }
    }
  }

  @Test
  void everyCandidateIsThereWithWhatIsKnownOfIt() {
    Explanation explanation = explain(core("bid-price", Caps.NONE), request(1));
    assertThat(explanation.admission()).isInstanceOf(Admission.Admitted.class);
    // of the hundred alike a sample
    assertThat(explanation.considered()).hasSize(64 + 1);
    Explanation.Considered lpu = explanation.considered().getLast();
    assertThat(lpu.state().deployment().backend()).isEqualTo("lpu");
    assertThat(lpu.expense().costUsd()).isPositive();
    assertThat(lpu.expense().energyJoules()).isPositive();
    assertThat(lpu.expense().engineSeconds()).isCloseTo(0.1, within(0.1));
    assertThat(lpu.score()).isNotNaN();
    assertThat(explain(core("random", Caps.NONE), request(1)).considered())
        .allSatisfy(considered -> assertThat(considered.score()).isNaN());
  }

  @Test
  void whoCanNotServeIsNamedPoolByPoolWithTheReason() {
    FleetSnapshot without = fleet.after(new Observation.Reachability(3, false));
    Caps caps = new Caps(Map.of("Groq", 0.001), Double.POSITIVE_INFINITY);
    Explanation explanation =
        core("fastest", caps)
            .explain(request(1), Admission.Gate.OPEN, without, 5, new SplittableRandom(1));
    assertThat(explanation.verdicts())
        .extracting(Selection.Verdict::excluded)
        .containsExactly(
            Map.of(Selection.Exclusion.UNREACHABLE, 1),
            Map.of(Selection.Exclusion.VENDOR_SHARE, 1));
    assertThat(explanation.verdicts())
        .extracting(verdict -> verdict.pool().members().length)
        .containsExactly(100, 1);
  }

  @Test
  void aRefusalForWantOfAnybodySaysWhy() {
    Caps caps = new Caps(Map.of(), fleet.watts());
    Explanation explanation = explain(core("fastest", caps), request(1));
    assertThat(explanation.considered()).isEmpty();
    assertThat(explanation.decision())
        .isInstanceOfSatisfying(
            RoutingDecision.Refuse.class,
            refusal -> {
              assertThat(refusal.failure().reason()).isEqualTo(Reason.NO_BACKEND_AVAILABLE);
              assertThat(refusal.failure().message()).contains("{POWER=101}");
            });
  }

  @Test
  void aRequestThatTheGateRefusesIsNotWeighed() {
    Admission.Gate draining = new Admission.Gate(true, 0, Admission.Gate.OPEN.lengths());
    Explanation explanation =
        core("fastest", Caps.NONE).explain(request(1), draining, fleet, 5, new SplittableRandom(1));
    assertThat(explanation.admission()).isInstanceOf(Admission.Rejected.class);
    assertThat(explanation.decision()).isInstanceOf(RoutingDecision.Refuse.class);
    assertThat(explanation.considered()).isEmpty();
  }

  private static Explanation explain(DecisionCore core, InferenceRequest request) {
    return core.explain(request, Admission.Gate.OPEN, fleet(), 5, new SplittableRandom(1));
  }

  private static InferenceRequest request(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Budget budget =
        new Budget(random.nextLong(SECOND), random.nextLong(40 * MILLISECOND), 30 * SECOND);
    return CoreFixtures.request(new Size(random.nextInt(1, 5000), 200, 200), budget, "chat");
  }

  /** A hundred GPUs of which some are busy, and an LPU of another vendor. */
  private static FleetSnapshot fleet() {
    List<Deployment> deployments = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      deployments.add(CoreFixtures.gpu(i, "gpu-" + i));
    }
    Deployment lpu = CoreFixtures.lpu(100, "lpu", 8);
    Deployment.Identity own = lpu.identity();
    deployments.add(
        new Deployment(
            100,
            new Deployment.Identity(
                own.backend(), own.model(), own.kind(), own.region(), own.profile(), "Groq"),
            lpu.figures(),
            lpu.economics(),
            lpu.contextTokens()));
    FleetSnapshot fleet = FleetSnapshot.of(deployments);
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 200; i++) {
      int index = random.nextInt(101);
      Work work = Work.of(fleet.get(index), new Size(random.nextInt(1, 3000), 0, 0), 200);
      fleet = fleet.after(new Observation.Dispatched(index, work, i));
    }
    return fleet;
  }

  private static DecisionCore core(String policy, Caps caps) {
    return new DecisionCore(
        new Admission(CoreFixtures.catalogue(), 600 * SECOND), Policies.named(policy), caps);
  }
}
