package dev.sluice.gateway.core;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.CoreFixtures.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Size;
import dev.sluice.gateway.core.request.Task;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What models offer, and what becomes of requests for vectors. */
final class OffersTest {

  private static final Deployment GPU = CoreFixtures.gpu(0, "gpu");
  private static final Deployment LPU = CoreFixtures.lpu(1, "lpu", 4);

  private final FleetSnapshot fleet = FleetSnapshot.of(List.of(GPU, LPU));

  @Test
  void theAchievableBudgetIsThatOfWhoIsDoneFirst() {
    Budget achievable = achievable(offer(core(Task.GENERATE), fleet));
    // the LPU: 20 + 3.6 + 0.1 x 1155 ms and 3.6 ms a token, and a margin
    assertThat(achievable.firstTokenNanos()).isBetween(139 * MILLISECOND, 250 * MILLISECOND);
    assertThat(achievable.perTokenNanos()).isBetween(3 * MILLISECOND, 7 * MILLISECOND);
    assertThat(achievable.totalNanos()).isGreaterThan(210 * achievable.perTokenNanos());
  }

  @Test
  void itIsWhatARefusalSaysToARequestOfThatLength() {
    Budget achievable = achievable(offer(core(Task.GENERATE), fleet));
    InferenceRequest impossible =
        CoreFixtures.request(new Size(1155, 211, 211), new Budget(450 * MILLISECOND, 1, 0), "chat");
    Failure refusal = refusal(core(Task.GENERATE), impossible);
    assertThat(refusal.reason()).isEqualTo(Reason.BUDGET_BELOW_FLOOR);
    assertThat(refusal.details().get(1).name()).isEqualTo("achievable_tpot_ms");
    assertThat(Double.parseDouble(refusal.details().get(1).value()))
        .isCloseTo(achievable.perTokenNanos() / 1e6, within(0.01));
  }

  @Test
  void itFollowsTheLoad() {
    FleetSnapshot busy = fleet;
    for (int i = 0; i < 40; i++) {
      busy = busy.after(new Observation.Dispatched(1, Work.of(LPU, 4000, 200), 0));
    }
    Budget before = achievable(offer(core(Task.GENERATE), fleet));
    Budget after = achievable(offer(core(Task.GENERATE), busy));
    assertThat(after.totalNanos()).isGreaterThan(before.totalNanos());
  }

  @Test
  void nobodyWhoCanBeAskedIsNoPromiseAndNoHardware() {
    FleetSnapshot gone =
        fleet
            .after(new Observation.Reachability(0, false))
            .after(new Observation.Reachability(1, false));
    Offer offer = offer(core(Task.GENERATE), gone);
    assertThat(offer.achievable()).isNull();
    assertThat(offer.kinds()).isEmpty();
  }

  @Test
  void thePriceRangesFromTheCheapestToTheDearest() {
    Offer offer = offer(core(Task.GENERATE), fleet);
    assertThat(offer.kinds()).containsExactly(AcceleratorKind.GPU, AcceleratorKind.LPU);
    assertThat(offer.continuation()).isEqualTo(Continuation.NONE);
    // 12 dollars an hour and 92 us a prompt token
    assertThat(offer.price().leastInput()).isCloseTo(12 * 92e-6 / 3600 * 1e6, within(1e-6));
    // 100 dollars an hour, 100 us a prompt token and four slots
    assertThat(offer.price().mostInput()).isCloseTo(100 * 25e-6 / 3600 * 1e6, within(1e-6));
    assertThat(offer.price().leastOutput()).isPositive();
    assertThat(offer.price().mostOutput()).isGreaterThan(offer.price().leastOutput());
  }

  @Test
  void vectorsAreOfferedWithATotalAloneAndNoPriceOfAnswers() {
    Offer offer = offer(core(Task.EMBED), fleet);
    assertThat(achievable(offer).firstTokenNanos()).isZero();
    assertThat(achievable(offer).perTokenNanos()).isZero();
    assertThat(achievable(offer).totalNanos()).isBetween(100 * MILLISECOND, 300 * MILLISECOND);
    assertThat(offer.price().mostOutput()).isZero();
  }

  @Test
  void vectorsThatNobodyCouldMakeInTimeAreRefusedWithTheTotalThatCouldBeMet() {
    InferenceRequest impossible =
        CoreFixtures.request(
            Size.ofInputs(1155, 100, Prefix.NONE), new Budget(0, 0, MILLISECOND), "");
    Failure refusal = refusal(core(Task.EMBED), impossible);
    assertThat(refusal.reason()).isEqualTo(Reason.BUDGET_BELOW_FLOOR);
    assertThat(refusal.details()).hasSize(1);
    assertThat(refusal.details().getFirst().name()).isEqualTo("achievable_e2e_ms");
    assertThat(Double.parseDouble(refusal.details().getFirst().value())).isBetween(100.0, 300.0);
  }

  @Test
  void vectorsAreForecastAsThePrefill() {
    InferenceRequest request =
        CoreFixtures.request(
            Size.ofInputs(2048, 100, Prefix.NONE), new Budget(0, 0, 10 * SECOND), "");
    RoutingDecision.Route route =
        (RoutingDecision.Route)
            core(Task.EMBED)
                .decide(request, Admission.Gate.OPEN, fleet, 0, new SplittableRandom(1));
    // a step of 15.9 ms, 2048 tokens of 92 us, 15 ms to get there
    double gpuNanos = (15.9 + 0.092 * 2048 + 15) * MILLISECOND;
    assertThat(route.choice().deployment().backend()).isEqualTo("gpu");
    assertThat(route.choice().forecast().totalNanos()).isCloseTo(gpuNanos, within(0.1 * gpuNanos));
    assertThat(route.choice().forecast().probability()).isGreaterThan(0.9);
  }

  private static Offer offer(DecisionCore core, FleetSnapshot fleet) {
    List<Offer> offers = core.offers(fleet, 0, new SplittableRandom(1));
    assertThat(offers).hasSize(1);
    return offers.getFirst();
  }

  private static Budget achievable(Offer offer) {
    return Objects.requireNonNull(offer.achievable());
  }

  private Failure refusal(DecisionCore core, InferenceRequest request) {
    RoutingDecision decision =
        core.decide(request, Admission.Gate.OPEN, fleet, 0, new SplittableRandom(1));
    return ((RoutingDecision.Refuse) decision).failure();
  }

  private static DecisionCore core(Task task) {
    Model model = CoreFixtures.model();
    Model own =
        new Model(
            model.name(),
            model.aliases(),
            model.contextTokens(),
            model.maxOutputTokens(),
            model.serviceClass(),
            model.budget(),
            task);
    return new DecisionCore(
        new Admission(new Catalogue(List.of(own), List.of(CoreFixtures.chat())), 600 * SECOND),
        Policies.named("bid-price"));
  }
}
