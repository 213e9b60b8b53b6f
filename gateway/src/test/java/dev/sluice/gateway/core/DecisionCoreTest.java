package dev.sluice.gateway.core;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Skills;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Resumption;
import dev.sluice.gateway.core.request.Size;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class DecisionCoreTest {

  private final RandomGenerator random = new SplittableRandom(1);
  private final DecisionCore core = core("cheapest-adequate");
  private final Deployment gpu = CoreFixtures.gpu(0, "gpu");
  private final Deployment lpu = CoreFixtures.lpu(1, "lpu", 8);
  private final FleetSnapshot fleet = FleetSnapshot.of(List.of(gpu, lpu));

  @Test
  void aBudgetThatCheapHardwareMeetsGoesThere() {
    assertThat(route(core, fleet, 600, 40).choice().deployment()).isEqualTo(gpu);
  }

  @Test
  void aBudgetThatOnlyFastHardwareMeetsGoesThere() {
    assertThat(route(core, fleet, 600, 5).choice().deployment()).isEqualTo(lpu);
  }

  @Test
  void aBudgetThatNobodyCouldEverMeetIsRefusedForGoodWithTheOneThatCouldBe() {
    Failure failure = refuse(core, fleet, 600, 1);
    assertThat(failure.reason()).isEqualTo(Reason.BUDGET_BELOW_FLOOR);
    assertThat(failure.retryAfterNanos()).isZero();
    assertThat(failure.details())
        .extracting(Failure.Detail::name)
        .containsExactly("achievable_ttft_ms", "achievable_tpot_ms", "achievable_e2e_ms");
  }

  @Test
  void aBudgetThatOnlyTheLoadForbidsIsRefusedForNow() {
    FleetSnapshot full = fleet;
    for (int i = 0; i < 40; i++) {
      full = full.after(new Observation.Dispatched(1, Work.of(lpu, 4000, 400), 0));
    }
    Failure failure = refuse(core, full, 600, 5);
    assertThat(failure.reason()).isEqualTo(Reason.BUDGET_UNATTAINABLE);
    assertThat(failure.retryAfterNanos()).isBetween(SECOND / 2, 3 * SECOND / 2);
  }

  @Test
  void whatTheRefusalCallsAchievableIsGranted() {
    Failure failure = refuse(core, fleet, 600, 1);
    Budget achievable =
        new Budget(
            millis(failure, "achievable_ttft_ms"),
            millis(failure, "achievable_tpot_ms"),
            millis(failure, "achievable_e2e_ms"));
    RoutingDecision decision =
        core.decide(
            CoreFixtures.request(new Size(1000, 200, 200), achievable, "chat"),
            Admission.Gate.OPEN,
            fleet,
            0,
            random);
    assertThat(decision).isInstanceOf(RoutingDecision.Route.class);
  }

  @Test
  void whoeverIsRefusedWhileAllRestHearsWhenTheFirstMayBeAskedAgain() {
    FleetSnapshot resting =
        fleet
            .after(new Observation.PushedBack(0, 5 * SECOND, 0))
            .after(new Observation.PushedBack(1, 7 * SECOND, 0));
    Failure failure = refuse(core, resting, 600, 40);
    assertThat(failure.reason()).isEqualTo(Reason.NO_BACKEND_AVAILABLE);
    assertThat(failure.message()).contains("RESTING=2");
    assertThat(failure.retryAfterNanos()).isBetween(5 * SECOND + SECOND / 2, 13 * SECOND / 2);
  }

  @Test
  void ofAnAnswerThatWasBegunNobodyIsAskedWhoGoesOnWithAnotherText() {
    Failure failure = refuseBegun(fleet);
    assertThat(failure.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(failure.message()).contains("progress: set").contains("token for token");
    assertThat(failure.retryAfterNanos()).as("it would fail again").isZero();
    Deployment exact = with(gpu, new Skills(Continuation.EXACT));
    FleetSnapshot able = FleetSnapshot.of(List.of(exact, lpu));
    RoutingDecision decision = core.decide(begun(), Admission.Gate.OPEN, able, 0, random);
    RoutingDecision.Route route = (RoutingDecision.Route) decision;
    assertThat(route.choice().deployment()).isEqualTo(exact);
    assertThat(route.request().begunTokens()).isEqualTo(40);
    Failure down = refuseBegun(able.after(new Observation.Reachability(0, false)));
    assertThat(down.reason()).isEqualTo(Reason.NO_BACKEND_AVAILABLE);
    assertThat(down.message()).contains("UNREACHABLE=1").contains("CONTINUATION=1");
  }

  @Test
  void anAnswerThatWasBegunWasAcceptedAndIsNotRefusedForItsBudget() {
    FleetSnapshot able = FleetSnapshot.of(List.of(with(gpu, new Skills(Continuation.EXACT)), lpu));
    InferenceRequest tight =
        CoreFixtures.request(new Size(1000, 200, 200).begun(40), new Budget(0, 1, 0), "chat");
    assertThat(core.decide(tight, Admission.Gate.OPEN, able, 0, random))
        .isInstanceOf(RoutingDecision.Route.class);
  }

  private static Deployment with(Deployment deployment, Skills skills) {
    return new Deployment(
        deployment.index(),
        deployment.identity(),
        deployment.figures(),
        deployment.economics(),
        deployment.contextTokens(),
        List.of(),
        skills);
  }

  private Failure refuseBegun(FleetSnapshot fleet) {
    RoutingDecision decision = core.decide(begun(), Admission.Gate.OPEN, fleet, 0, random);
    return ((RoutingDecision.Refuse) decision).failure();
  }

  private static InferenceRequest begun() {
    return CoreFixtures.request(new Size(1000, 200, 200).begun(40), Budget.NONE, "chat");
  }

  @Test
  void roundRobinAsksEachInTurn() {
    assertThat(served(core("round-robin"), 6)).containsExactly(0, 1, 0, 1, 0, 1);
  }

  @Test
  void leastRequestAsksTheLeastBusy() {
    FleetSnapshot busy = fleet.after(new Observation.Dispatched(0, Work.of(gpu, 10, 10), 0));
    assertThat(route(core("least-request"), busy, 600, 40).choice().deployment()).isEqualTo(lpu);
  }

  @Test
  void anUnreachableBackendIsNotAsked() {
    FleetSnapshot without = fleet.after(new Observation.Reachability(0, false));
    assertThat(route(core, without, 600, 40).choice().deployment()).isEqualTo(lpu);
    Failure failure = refuse(core, without.after(new Observation.Reachability(1, false)), 600, 40);
    assertThat(failure.reason()).isEqualTo(Reason.NO_BACKEND_AVAILABLE);
    assertThat(failure.message()).contains("UNREACHABLE=2");
  }

  @Test
  void aRegionThatIsNotAllowedIsNotAsked() {
    Failure failure = refuse(CoreFixtures.withConstraints(new Constraints(List.of("us"), 1)));
    assertThat(failure.message()).contains("REGION=2");
  }

  @Test
  void aCostAboveTheLimitIsNotAsked() {
    Failure failure = refuse(CoreFixtures.withConstraints(new Constraints(List.of(), 1e-9)));
    assertThat(failure.message()).contains("COST=2");
  }

  @Test
  void whatNobodyCanDoIsUnsupportedAndNamed() {
    Failure failure = refuse(asking(Ability.TOOLS, Ability.JSON_SCHEMA));
    assertThat(failure.reason()).isEqualTo(Reason.UNSUPPORTED);
    assertThat(failure.message())
        .startsWith("tools: ")
        .contains("can do tools and response_format");
    assertThat(failure.retryAfterNanos()).isZero();
  }

  @Test
  void whatOneCanDoGoesThereAndIsUnavailableWhileItIsAway() {
    Deployment able = with(lpu, new Skills(Continuation.EXACT, EnumSet.of(Ability.TOOLS)));
    FleetSnapshot two = FleetSnapshot.of(List.of(gpu, able));
    assertThat(chosen(two, asking(Ability.TOOLS))).isEqualTo(able);
    RoutingDecision away =
        core.decide(
            asking(Ability.TOOLS),
            Admission.Gate.OPEN,
            two.after(new Observation.Reachability(1, false)),
            0,
            random);
    assertThat(away)
        .isInstanceOfSatisfying(
            RoutingDecision.Refuse.class,
            refused -> {
              assertThat(refused.failure().reason()).isEqualTo(Reason.NO_BACKEND_AVAILABLE);
              assertThat(refused.failure().message()).contains("ABILITY=1", "UNREACHABLE=1");
            });
  }

  @Test
  void anAnswerWithToolsOrOfAFormIsNeverResumed() {
    RoutingDecision plain =
        core.decide(
            CoreFixtures.withConstraints(Constraints.NONE), Admission.Gate.OPEN, fleet, 0, random);
    assertThat(((RoutingDecision.Route) plain).request().resumption()).isEqualTo(Resumption.EXACT);
    Deployment able = with(gpu, new Skills(Continuation.EXACT, EnumSet.allOf(Ability.class)));
    for (Ability ability : Ability.values()) {
      RoutingDecision decision =
          core.decide(
              asking(ability), Admission.Gate.OPEN, FleetSnapshot.of(List.of(able)), 0, random);
      assertThat(((RoutingDecision.Route) decision).request().resumption())
          .isEqualTo(Resumption.NEVER);
    }
  }

  private static InferenceRequest asking(Ability first, Ability... more) {
    return CoreFixtures.withConstraints(
        new Constraints(
            List.of(),
            Double.POSITIVE_INFINITY,
            "",
            Resumption.PLAUSIBLE,
            EnumSet.of(first, more)));
  }

  @Test
  void aPromptThatIsHeldSomewhereGoesThereUntilThatTakesLonger() {
    FleetSnapshot two = FleetSnapshot.of(List.of(gpu, CoreFixtures.gpu(1, "other")));
    InferenceRequest asked = prompted(LongStream.rangeClosed(1, 10).toArray());
    Work served = Work.of(two.get(1), asked.size(), 200);
    FleetSnapshot warm =
        two.after(new Observation.Dispatched(1, served, 0))
            .after(new Observation.FirstToken(1, served, 1, 1))
            .after(new Observation.Ended(1, served, 200, true, 2, 2));
    assertThat(chosen(warm, asked).index()).isEqualTo(1);
    assertThat(chosen(warm, prompted(LongStream.rangeClosed(91, 99).toArray())).index()).isZero();
    FleetSnapshot queued = warm;
    for (int i = 0; i < 4; i++) {
      queued = queued.after(new Observation.Dispatched(1, Work.of(gpu, 1000, 200), 3));
    }
    assertThat(chosen(queued, asked).index()).isZero();
  }

  private Deployment chosen(FleetSnapshot now, InferenceRequest request) {
    RoutingDecision decision = core.decide(request, Admission.Gate.OPEN, now, 3, random);
    assertThat(decision).isInstanceOf(RoutingDecision.Route.class);
    return ((RoutingDecision.Route) decision).choice().deployment();
  }

  private static InferenceRequest prompted(long[] hashes) {
    Size size = new Size(2600, 200, 200, new Prefix(256, hashes));
    return CoreFixtures.request(size, new Budget(2 * SECOND, 100 * MILLISECOND, 0), "chat");
  }

  @Test
  void equalInputsGiveEqualDecisions() {
    RoutingDecision.Route one = route(core, fleet, 600, 40);
    RoutingDecision.Route two = route(core, fleet, 600, 40);
    assertThat(one.choice().state()).isEqualTo(two.choice().state());
    assertThat(one.choice().forecast()).isEqualTo(two.choice().forecast());
  }

  private List<Integer> served(DecisionCore policy, int times) {
    List<Integer> served = new ArrayList<>();
    FleetSnapshot now = fleet;
    for (int i = 0; i < times; i++) {
      Deployment chosen = route(policy, now, 600, 40).choice().deployment();
      served.add(chosen.index());
      Work work = Work.of(chosen, 10, 10);
      now =
          now.after(new Observation.Dispatched(chosen.index(), work, i))
              .after(new Observation.Ended(chosen.index(), work, 0, false, 0, i));
    }
    return served;
  }

  private static long millis(Failure failure, String name) {
    return failure.details().stream()
        .filter(detail -> detail.name().equals(name))
        .mapToLong(detail -> (long) (Double.parseDouble(detail.value()) * MILLISECOND))
        .findFirst()
        .orElseThrow();
  }

  private static DecisionCore core(String policy) {
    return new DecisionCore(
        new Admission(CoreFixtures.catalogue(), 600 * SECOND), Policies.named(policy));
  }

  private RoutingDecision decide(
      DecisionCore decider, FleetSnapshot now, long ttftMillis, long tpotMillis) {
    Budget budget = new Budget(ttftMillis * MILLISECOND, tpotMillis * MILLISECOND, 0);
    return decider.decide(
        CoreFixtures.request(new Size(1000, 200, 200), budget, "chat"),
        Admission.Gate.OPEN,
        now,
        0,
        random);
  }

  private RoutingDecision.Route route(
      DecisionCore decider, FleetSnapshot now, long ttftMillis, long tpotMillis) {
    RoutingDecision decision = decide(decider, now, ttftMillis, tpotMillis);
    assertThat(decision).isInstanceOf(RoutingDecision.Route.class);
    return (RoutingDecision.Route) decision;
  }

  private Failure refuse(
      DecisionCore decider, FleetSnapshot now, long ttftMillis, long tpotMillis) {
    RoutingDecision decision = decide(decider, now, ttftMillis, tpotMillis);
    assertThat(decision).isInstanceOf(RoutingDecision.Refuse.class);
    return ((RoutingDecision.Refuse) decision).failure();
  }

  private Failure refuse(InferenceRequest request) {
    RoutingDecision decision = core.decide(request, Admission.Gate.OPEN, fleet, 0, random);
    assertThat(decision).isInstanceOf(RoutingDecision.Refuse.class);
    return ((RoutingDecision.Refuse) decision).failure();
  }
}
