package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.EngineLoad;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.gateway.core.DecisionCore;
import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.admission.Standing;
import dev.sluice.gateway.core.admission.TenantBooks;
import dev.sluice.gateway.core.attempt.Permits;
import dev.sluice.gateway.core.attempt.RetryBudget;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.policy.RoutingPolicy;
import dev.sluice.gateway.core.policy.WaitingLine;
import dev.sluice.gateway.core.prediction.Label;
import dev.sluice.gateway.core.prediction.Learner;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Lengths;
import dev.sluice.gateway.core.request.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The shell around the core in virtual time: keeps the newest snapshot, learns, holds those who
 * wait, and sends to emulated accelerators. What it tells the core, and when, is what the gateway's
 * registry, dispatch and waiting room tell it in real time.
 */
final class VirtualGateway implements EngineListener {

  /** How often backends are asked, prices follow and labels are learned from: the registry's. */
  static final long ROUND_NANOS = 100_000_000;

  /** How often those who wait are looked at again: the waiting room's. */
  private static final long REVIEW_NANOS = 5_000_000;

  private final DecisionCore core;
  private final Accelerators accelerators;
  private final Disclosure disclosure;
  private final int maxInFlight;
  private final RandomGenerator random;
  private final OutcomeSink sink;
  private final DueHeap timers;

  private final OpenRequests open = new OpenRequests();
  private final WaitingLine<Execution> line;
  private final TenantBooks tenants;
  private final Function<AdmittedRequest, RoutingDecision> again;
  private final Learner learner;
  private final Map<String, RetryBudget> retryBudgets = new HashMap<>();
  private final List<Label> labels = new ArrayList<>();
  private final EngineLoad[] loads;
  private final boolean[] answered;

  private FleetSnapshot snapshot;
  private Lengths lengths;
  private boolean reviewing;
  private long nowNanos;

  /**
   * A gateway that nobody has asked yet.
   *
   * @param accelerators what it sends to
   * @param random what its routing draws from
   * @param sink hears of each request that ended
   * @param timers where it asks for reviews
   */
  VirtualGateway(
      Rules rules,
      Accelerators accelerators,
      RandomGenerator random,
      OutcomeSink sink,
      DueHeap timers) {
    SimulatedFleet fleet = rules.fleet();
    core = new DecisionCore(fleet.admission(), rules.policy(), fleet.gate().caps());
    this.accelerators = accelerators;
    this.disclosure = rules.disclosure();
    this.random = random;
    this.sink = sink;
    this.timers = timers;
    maxInFlight = fleet.gate().maxInFlight();
    line = new WaitingLine<>(maxInFlight);
    again = request -> core.route(request, snapshot, _ -> false, nowNanos, random);
    tenants = new TenantBooks(fleet.gate().tenants());
    snapshot = FleetSnapshot.of(fleet.deployments());
    learner = new Learner(snapshot.size());
    lengths = learner.lengths();
    loads = new EngineLoad[snapshot.size()];
    answered = new boolean[snapshot.size()];
  }

  /** What a gateway goes by. */
  record Rules(SimulatedFleet fleet, RoutingPolicy policy, Disclosure disclosure) {}

  /** The instant at which everything happens that is told from now on. */
  void at(long nanos) {
    nowNanos = nanos;
  }

  long nowNanos() {
    return nowNanos;
  }

  /** Requests that have not ended. */
  int inFlight() {
    return open.size();
  }

  /** Requests that wait for better times. */
  int waiting() {
    return line.size();
  }

  /** Requests that have an attempt on the accelerator with this index. */
  int inFlightOn(int index) {
    int count = 0;
    for (Execution execution : open.all()) {
      count += execution.isOn(index) ? 1 : 0;
    }
    return count;
  }

  /** Requests that were routed and have no attempt now. */
  int betweenAttempts() {
    int count = 0;
    for (Execution execution : open.all()) {
      count += execution.isBetweenAttempts() ? 1 : 0;
    }
    return count;
  }

  /** When an open request wants to be woken next, at its deadline at the latest. */
  long nextWakeNanos() {
    return open.nextWakeNanos();
  }

  FleetSnapshot snapshot() {
    return snapshot;
  }

  // ---- events of requests

  void arrive(Arrival arrival) {
    RoutingDecision decision =
        core.decide(
            Requests.of(arrival, disclosure),
            new Admission.Gate(
                false, open.size() / (double) maxInFlight, lengths, standing(arrival)),
            snapshot,
            nowNanos,
            random);
    switch (decision) {
      case RoutingDecision.Route route -> open(arrival, route.request()).begin(route);
      case RoutingDecision.Wait(AdmittedRequest request) -> park(open(arrival, request));
      case RoutingDecision.Refuse(Failure failure) -> {
        tenants.ended(tenant(arrival), 0, 0, nowNanos);
        sink.accept(Requests.refused(arrival, failure));
      }
    }
  }

  private Standing standing(Arrival arrival) {
    String model = arrival.demand().model();
    return tenants.arrived(tenant(arrival), model, snapshot.isContended(model), nowNanos);
  }

  private static String tenant(Arrival arrival) {
    return arrival.demand().constraints().tenant();
  }

  private Execution open(Arrival arrival, AdmittedRequest request) {
    Execution execution = new Execution(this, arrival, request, open.nextSlot());
    open.add(execution);
    return execution;
  }

  private void park(Execution execution) {
    AdmittedRequest request = execution.request();
    int places = snapshot.places(request.model().name());
    switch (line.add(request, execution, places, nowNanos)) {
      case TAKEN -> reviewLater();
      case FULL -> execution.refused(Failure.of(Reason.OVERLOADED, "as many requests wait as may"));
      case IN_VAIN -> execution.refused(core.refusal(request, snapshot, nowNanos, random));
    }
  }

  private void reviewLater() {
    if (!reviewing) {
      reviewing = true;
      timers.set(VirtualTimer.REVIEW.rank(), nowNanos + REVIEW_NANOS);
    }
  }

  void review() {
    line.review(again, VirtualGateway::leave, nowNanos);
    reviewing = false;
    if (line.size() > 0) {
      reviewLater();
    }
  }

  private static void leave(Execution execution, RoutingDecision decision) {
    switch (decision) {
      case RoutingDecision.Route route -> execution.begin(route);
      case RoutingDecision.Refuse(Failure failure) -> execution.refused(failure);
      case RoutingDecision.Wait _ ->
          throw new IllegalStateException("decision: wait (expected: route or refuse)");
    }
  }

  void wake() {
    open.firstToWake().woken();
  }

  @Override
  public void firstToken(Sequence sequence, long atNanos) {
    open.get((int) sequence.id()).firstToken();
  }

  @Override
  public void finished(Sequence sequence, long atNanos) {
    open.get((int) sequence.id()).completed();
  }

  /** The accelerator with this index is gone, with all that it held. */
  void vanished(int index) {
    accelerators.vanish(index, nowNanos);
    for (Execution execution : open.all()) {
      if (execution.isOn(index)) {
        execution.broke();
      }
    }
  }

  /** The accelerator with this index is there again; it is found by the next probe. */
  void cameBack(int index) {
    accelerators.comeBack(index, nowNanos);
  }

  // ---- what an execution needs

  void stopWaiting(Execution execution) {
    boolean _ = line.remove(execution);
  }

  RoutingDecision rescue(AdmittedRequest request, IntPredicate tried) {
    return core.rescue(request, snapshot, tried, nowNanos, random);
  }

  /** Counts a request for {@code model} and gives the permits that it shares with the others. */
  Permits permitsOfRequest(String model) {
    RetryBudget budget = retryBudgets.computeIfAbsent(model, _ -> new RetryBudget());
    budget.requested(nowNanos);
    return budget;
  }

  void wakeAt(Execution execution, long nanos) {
    open.wakeAt(execution, nanos);
  }

  /**
   * What an engine is given: it alone knows how long the answer will be. What was said elsewhere is
   * processed like a prompt.
   *
   * @param known tokens of the answer that were said elsewhere
   */
  Sequence sequence(int slot, Arrival arrival, AdmittedRequest request, int known, int index) {
    int blockTokens = accelerators.get(index).sharedBlockTokens();
    int tokens = answerTokens(arrival, request, index) - known;
    int promptTokens = arrival.promptTokens() + known;
    return blockTokens == 0 || arrival.prefix().size() == 0
        ? new Sequence(slot, promptTokens, tokens)
        : new Sequence(
            slot,
            promptTokens,
            tokens,
            PromptHashes.ofMemory(arrival.prefix(), arrival.promptTokens(), blockTokens));
  }

  /** Tokens of the whole answer that the accelerator with this index gives. */
  int answerTokens(Arrival arrival, AdmittedRequest request, int index) {
    int room = accelerators.get(index).roomFor(arrival.promptTokens());
    return Math.min(arrival.outputTokens(), Math.min(request.maxOutputTokens(), room));
  }

  Accelerator.Entry send(int index, Sequence sequence) {
    return accelerators.enter(index, sequence, nowNanos);
  }

  void cancel(int index, Sequence sequence) {
    accelerators.cancel(index, sequence, nowNanos);
  }

  int tokens(int index, Sequence sequence) {
    return accelerators.tokens(index, sequence, nowNanos);
  }

  void observe(Observation observation) {
    snapshot = snapshot.after(observation);
  }

  void learn(Label label) {
    labels.add(label);
  }

  /** A request is about to be served for the first time. */
  void routed(Arrival arrival, AdmittedRequest request) {
    tenants.routed(
        tenant(arrival),
        arrival.demand().model(),
        request.mostTokens(),
        request.expectedTokens(),
        nowNanos);
  }

  /** A request has ended: with {@code failure}, or completely when that is null. */
  void finished(Execution execution, @Nullable Failure failure) {
    open.remove(execution);
    FinishedRequest result = execution.result(failure);
    Arrival arrival = result.arrival();
    boolean served = execution.wasRouted();
    tenants.ended(
        tenant(arrival),
        served ? execution.request().mostTokens() : 0,
        served ? arrival.promptTokens() + (long) result.answer().tokens() : 0,
        nowNanos);
    sink.accept(result);
  }

  // ---- what happens at set times

  /** Asks every backend; the answers come with {@link #reports}. */
  void probe() {
    for (int i = 0; i < loads.length; i++) {
      Accelerator accelerator = accelerators.get(i);
      answered[i] = !accelerator.isGone();
      loads[i] = accelerator.load();
    }
  }

  void reports() {
    for (int i = 0; i < loads.length; i++) {
      observe(new Observation.Reachability(i, answered[i]));
      if (disclosure.reports() && answered[i]) {
        EngineLoad load = loads[i];
        observe(
            new Observation.Reported(
                i, load.running(), load.waiting(), load.pendingPrefillTokens(), nowNanos));
      }
    }
  }

  void tick() {
    observe(new Observation.Tick(nowNanos));
  }

  void learnAll() {
    for (int i = 0; i < labels.size(); i++) {
      learner.learn(labels.get(i));
    }
    labels.clear();
    learner.passed(nowNanos);
    for (Observation.Learned learned : learner.changed()) {
      observe(learned);
    }
    lengths = learner.lengths();
  }

  @Override
  public String toString() {
    return "VirtualGateway[at %d ns, %d in flight, %d waiting]"
        .formatted(nowNanos, open.size(), line.size());
  }
}
