package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.DecisionCore;
import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.attempt.Permits;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.policy.WaitingLine;
import dev.sluice.gateway.core.prediction.Label;
import dev.sluice.gateway.core.prediction.Learner;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Lengths;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The gateway around its core: one process that may be paused. */
final class Shell {

  /** How often backends are asked, prices follow and labels are learned from: the registry's. */
  static final long ROUND_NANOS = 100_000_000;

  /** Longest a request may take. */
  static final long MOST_TOTAL_NANOS = 15_000_000_000L;

  /** On the way from a caller. */
  private static final long CALLER_NANOS = 100_000;

  private static final long REVIEW_NANOS = 20_000_000;
  private static final int MOST_IN_FLIGHT = 48;

  private final World world;
  private final Host host;
  private final RandomGenerator random;
  private final GatewayBooks books = new GatewayBooks();
  private final Map<String, ModelPermits> permits = new LinkedHashMap<>();

  /** All that were ever accepted, by caller. */
  private final Map<Caller, Serving> servings = new LinkedHashMap<>();

  /** Those that have not ended. */
  private final List<Serving> open = new ArrayList<>();

  private final WaitingLine<Serving> line = new WaitingLine<>(MOST_IN_FLIGHT);
  private final Function<AdmittedRequest, RoutingDecision> again;
  private final Learner learner;
  private final List<Label> labels = new ArrayList<>();
  private final boolean[] answered;

  /** Until when each backend asked to be left alone. */
  private final long[] restsUntilNanos;

  private DecisionCore core;
  private FleetSnapshot snapshot;
  private Lengths lengths = Lengths.UNLEARNED;
  private boolean draining;
  private boolean reviewing;

  Shell(World world, Host host) {
    this.world = world;
    this.host = host;
    Plan plan = world.plan();
    random = new Draw(plan.seed(), Plan.ROUTING).random();
    core = core(plan.habits().policy());
    snapshot = FleetSnapshot.of(plan.fleet().stream().map(Script::deployment).toList());
    learner = new Learner(snapshot.size());
    answered = new boolean[snapshot.size()];
    Arrays.fill(answered, true);
    restsUntilNanos = new long[snapshot.size()];
    again = request -> core.route(request, snapshot, _ -> false, nowNanos(), random);
  }

  private static DecisionCore core(String policy) {
    List<Model> models =
        Fleets.MODELS.stream()
            .map(name -> new Model(name, List.of(), Fleets.CONTEXT_TOKENS, 256, "", Budget.NONE))
            .toList();
    return new DecisionCore(
        new Admission(new Catalogue(models, List.of()), MOST_TOTAL_NANOS), Policies.named(policy));
  }

  Host host() {
    return host;
  }

  GatewayBooks books() {
    return books;
  }

  List<Serving> open() {
    return open;
  }

  int waiting() {
    return line.size();
  }

  FleetSnapshot snapshot() {
    return snapshot;
  }

  @Nullable Serving of(Caller caller) {
    return servings.get(caller);
  }

  Iterable<Serving> servings() {
    return servings.values();
  }

  private long nowNanos() {
    return world.agenda().nowNanos();
  }

  // ---- from callers

  /** {@code caller} asks. */
  void asked(Caller caller) {
    host.at(nowNanos() + CALLER_NANOS, () -> arrive(caller));
  }

  /** {@code caller} has left. */
  void callerLeft(Caller caller) {
    host.at(
        nowNanos() + CALLER_NANOS,
        () -> {
          Serving serving = servings.get(caller);
          if (serving != null && !serving.isClosed()) {
            serving.callerLeft();
          }
        });
  }

  private void arrive(Caller caller) {
    books.received++;
    RoutingDecision decision =
        core.decide(
            request(caller),
            new Admission.Gate(draining, open.size() / (double) MOST_IN_FLIGHT, lengths),
            snapshot,
            nowNanos(),
            random);
    switch (decision) {
      case RoutingDecision.Route route -> open(caller, route.request()).begin(route);
      case RoutingDecision.Wait(AdmittedRequest request) -> park(open(caller, request));
      case RoutingDecision.Refuse(Failure failure) -> {
        books.rejected++;
        world.tally().happened(Sometimes.TURNED_AWAY);
        world.trace().add(caller.id(), 0, failure.reason() + " " + failure.message());
        caller.refused(failure.reason());
      }
    }
  }

  private InferenceRequest request(Caller caller) {
    Wish wish = caller.wish();
    Wish.Patience patience = wish.patience();
    long arrivalNanos = nowNanos();
    return new InferenceRequest(
        Long.toString(caller.id()),
        wish.model(),
        new Size(wish.promptTokens(), wish.mostTokens(), 0).begun(wish.begunTokens()),
        patience.budget(),
        "",
        new Constraints(List.of(), Double.POSITIVE_INFINITY, "", patience.resumption()),
        new InferenceRequest.Timing(
            arrivalNanos,
            patience.deadlineNanos() == 0
                ? Long.MAX_VALUE
                : arrivalNanos + patience.deadlineNanos()));
  }

  private Serving open(Caller caller, AdmittedRequest request) {
    Serving serving = new Serving(this, world, caller, request);
    servings.put(caller, serving);
    open.add(serving);
    return serving;
  }

  private void park(Serving serving) {
    world.trace().note(Trace.Step.PARKED, serving.caller().id(), 0, 0, 0);
    world.tally().happened(Sometimes.WAITED);
    AdmittedRequest request = serving.request();
    switch (line.add(request, serving, snapshot.places(request.model().name()), nowNanos())) {
      case TAKEN -> {
        serving.wakeAt(request.deadlineNanos());
        reviewLater();
      }
      case FULL -> serving.refused(Failure.of(Reason.OVERLOADED, "as many wait as may"));
      case IN_VAIN -> serving.refused(core.refusal(request, snapshot, nowNanos(), random));
    }
  }

  private void reviewLater() {
    if (!reviewing) {
      reviewing = true;
      host.at(nowNanos() + REVIEW_NANOS, this::review);
    }
  }

  private void review() {
    line.review(again, Shell::leave, nowNanos());
    reviewing = false;
    if (line.size() > 0) {
      reviewLater();
    }
  }

  private static void leave(Serving serving, RoutingDecision decision) {
    switch (decision) {
      case RoutingDecision.Route route -> serving.begin(route);
      case RoutingDecision.Refuse(Failure failure) -> serving.refused(failure);
      case RoutingDecision.Wait _ ->
          throw new IllegalStateException("decision: wait (expected: route or refuse)");
    }
  }

  // ---- what a request needs while it is served

  void leaveLine(Serving serving) {
    boolean _ = line.remove(serving);
  }

  void closed(Serving serving) {
    if (!open.remove(serving)) {
      throw new BrokenPromise(serving + " ends twice");
    }
  }

  RoutingDecision rescue(AdmittedRequest request, IntPredicate tried) {
    return core.rescue(request, snapshot, tried, nowNanos(), random);
  }

  /** Counts a request for {@code model} and gives the permits that it shares with the others. */
  Permits permitsOfRequest(String model, Witness witness) {
    ModelPermits shared = permits.computeIfAbsent(model, _ -> new ModelPermits());
    shared.requested(1 + world.plan().habits().others(), nowNanos());
    return new CountedPermits(shared, books, witness);
  }

  void started(Attempt attempt) {
    if (nowNanos() < restsUntilNanos[attempt.index()]) {
      throw new BrokenPromise(attempt + " asks a backend that asked to be left alone");
    }
    books.attemptsStarted++;
    books.furtherAttempts += attempt.number() > 1 ? 1 : 0;
    observe(new Observation.Dispatched(attempt.index(), attempt.work(), nowNanos()));
    learn(new Label.Sent(attempt.candidate().prediction(), nowNanos()));
  }

  void send(Attempt attempt, Ask ask) {
    FakeBackend backend = world.backends().get(attempt.index());
    backend.wire().toBackend(() -> backend.ask(ask));
  }

  void cancel(Attempt attempt) {
    FakeBackend backend = world.backends().get(attempt.index());
    backend.wire().toBackend(() -> backend.cancel(attempt));
  }

  /** {@code count} tokens of {@code attempt} are passed on. */
  void heard(Attempt attempt, int count) {
    long nowNanos = nowNanos();
    if (attempt.delivered == 0) {
      attempt.firstTokenNanos = nowNanos;
      long sinceSentNanos = nowNanos - attempt.sentNanos();
      observe(
          new Observation.FirstToken(attempt.index(), attempt.work(), sinceSentNanos, nowNanos));
      learn(new Label.FirstToken(attempt.candidate().prediction(), sinceSentNanos, nowNanos));
    }
    attempt.delivered += count;
    attempt.heardNanos = nowNanos;
  }

  /** Takes {@code attempt} off the core's books. */
  void ended(Attempt attempt, boolean complete) {
    long nowNanos = nowNanos();
    observe(
        new Observation.Ended(
            attempt.index(),
            attempt.work(),
            attempt.delivered,
            complete,
            nowNanos - attempt.sentNanos(),
            nowNanos));
    learn(
        new Label.Ended(
            attempt.candidate().prediction(),
            attempt.delivered,
            complete,
            attempt.perTokenNanos(),
            nowNanos));
  }

  /** The backend of {@code attempt} is to blame for its end. */
  void faulted(Attempt attempt, boolean slow) {
    long nowNanos = nowNanos();
    observe(
        new Observation.Faulted(attempt.index(), slow, nowNanos - attempt.sentNanos(), nowNanos));
  }

  /** The backend of {@code attempt} asked to be left alone, if it did. */
  void pushedBack(Attempt attempt) {
    long nanos = world.backends().get(attempt.index()).retryAfterNanos();
    if (nanos > 0) {
      int index = attempt.index();
      restsUntilNanos[index] = Math.max(restsUntilNanos[index], nowNanos() + nanos);
      observe(new Observation.PushedBack(index, nanos, nowNanos()));
    }
  }

  /** Permits that are lent and were not given back. */
  long loans() {
    long loans = 0;
    for (ModelPermits each : permits.values()) {
      loans += each.loans();
    }
    return loans;
  }

  void unreachable(int backend) {
    observe(new Observation.Reachability(backend, false));
  }

  /** The connection to {@code backend} was found to be dead, with all that was under way on it. */
  void connectionBroke(int backend) {
    long nowNanos = nowNanos();
    host.now(
        () -> {
          for (Serving serving : List.copyOf(open)) {
            for (Attempt attempt : List.copyOf(serving.running())) {
              if (attempt.index() == backend && attempt.sentNanos() < nowNanos) {
                serving.failed(attempt, Ending.BROKE);
              }
            }
          }
        });
  }

  // ---- what happens to all of it

  /** Takes nothing new while {@code now}. */
  void drain(boolean now) {
    draining = now;
  }

  void changePolicy(String name) {
    core = core(name);
  }

  /** What it does again and again. */
  void round() {
    for (int i = 0; i < answered.length; i++) {
      FakeBackend backend = world.backends().get(i);
      observe(new Observation.Reachability(i, answered[i]));
      answered[i] = backend.answersProbes();
      if (answered[i]) {
        observe(
            backend.isLying()
                ? new Observation.Reported(i, -1, Integer.MAX_VALUE, -1, nowNanos())
                : new Observation.Reported(
                    i, backend.streamsRunning(), backend.streamsWaiting(), 0, nowNanos()));
      }
    }
    observe(new Observation.Tick(nowNanos()));
    if (world.plan().habits().learns()) {
      learnAll();
    }
  }

  private void learnAll() {
    for (int i = 0; i < labels.size(); i++) {
      learner.learn(labels.get(i));
    }
    labels.clear();
    learner.passed(nowNanos());
    for (Observation.Learned learned : learner.changed()) {
      observe(learned);
    }
    lengths = learner.lengths();
  }

  private void learn(Label label) {
    if (world.plan().habits().learns()) {
      labels.add(label);
    }
  }

  private void observe(Observation observation) {
    snapshot = snapshot.after(observation);
  }

  @Override
  public String toString() {
    return "Shell[%s, %d open, %d waiting]".formatted(books, open.size(), line.size());
  }
}
