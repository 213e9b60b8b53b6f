package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.backends.emulated.model.StepNoise;
import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Candidates;
import dev.sluice.gateway.core.policy.RoutingPolicy;
import dev.sluice.gateway.core.prediction.Forecaster;
import dev.sluice.gateway.core.prediction.Label;
import dev.sluice.gateway.core.prediction.Learner;
import dev.sluice.gateway.core.prediction.Prediction;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.ServiceClass;
import dev.sluice.gateway.core.request.Size;
import dev.sluice.loadtest.simulate.evaluation.Rival.Question;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One run of a schedule on a fleet: requests are sent where a rule says, every forecaster says what
 * to expect, the engines serve, and what was said is scored.
 */
final class Trial {

  /** How often labels are learned from, as in the gateway's registry. */
  private static final long LEARN_PERIOD_NANOS = 20_000_000;

  /** Part of the requests that forecasters may learn from before they are scored. */
  private static final double WARM_UP_SHARE = 0.07;

  /** Above every answer of every trace. */
  private static final int MOST_OUTPUT_TOKENS = 1 << 16;

  private final Setting setting;
  private final List<ScheduledRequest> requests;
  private final RoutingPolicy policy;
  private final Jury jury;
  private final SplittableRandom random;
  private final Model model;
  private final List<PacedEngine> engines = new ArrayList<>();
  private final List<Neighbour> neighbours = new ArrayList<>();
  private final EngineListener events = new Events();
  private final Map<Sequence, Flight> flights = new LinkedHashMap<>();
  private final List<Label> labels = new ArrayList<>();
  private final Learner learner;

  private FleetSnapshot fleet;
  private long nowNanos;
  private int sent;
  private int refused;

  Trial(Setting setting, List<ScheduledRequest> requests, RoutingPolicy policy, long seed) {
    this(setting, requests, policy, new Jury(Rivals.all()), seed);
  }

  Trial(
      Setting setting,
      List<ScheduledRequest> requests,
      RoutingPolicy policy,
      Jury jury,
      long seed) {
    this.setting = setting;
    this.requests = requests;
    this.policy = policy;
    this.jury = jury;
    this.random = new SplittableRandom(seed);
    this.model = model(setting.backends().getFirst().believed().deployment().model());
    this.fleet = FleetSnapshot.of(begin(setting.backends()));
    this.learner = new Learner(fleet.size());
  }

  private static Model model(String name) {
    return new Model(name, List.of(), Integer.MAX_VALUE, MOST_OUTPUT_TOKENS, "", Budget.NONE);
  }

  private List<Deployment> begin(List<TrueBackend> backends) {
    List<Deployment> deployments = new ArrayList<>();
    for (TrueBackend backend : backends) {
      int index = deployments.size();
      String name = backend.believed().name() + "#" + index;
      deployments.add(Sheets.deployment(index, name, backend.believed()));
      StepNoise noise = StepNoise.of(backend.noise(), random.split());
      engines.add(new PacedEngine(Engine.of(backend.real(), noise, 0), backend.pace()));
      neighbours.add(new Neighbour(backend.neighbourPerSecond(), random.split()));
    }
    return deployments;
  }

  /** Runs to the last answer's end. */
  Scoreboard run() {
    long nextLesson = 0;
    while (sent < requests.size() || !flights.isEmpty()) {
      long nextArrival = sent < requests.size() ? requests.get(sent).intendedNanos() : Engine.NEVER;
      nowNanos = Math.min(Math.min(nextArrival, nextLesson), nextEventNanos());
      advance();
      if (nowNanos >= nextLesson) {
        learn();
        nextLesson += LEARN_PERIOD_NANOS;
      }
      if (nowNanos >= nextArrival) {
        arrive(requests.get(sent++));
      }
    }
    return jury.scores();
  }

  private long nextEventNanos() {
    long due = Engine.NEVER;
    for (int i = 0; i < engines.size(); i++) {
      due = Math.min(due, engines.get(i).nextEventNanos());
      due = Math.min(due, neighbours.get(i).nextNanos());
    }
    return due;
  }

  private void advance() {
    for (int i = 0; i < engines.size(); i++) {
      engines.get(i).advanceTo(nowNanos, events);
      while (neighbours.get(i).nextNanos() <= nowNanos) {
        engines.get(i).submit(neighbours.get(i).next());
      }
    }
  }

  private void learn() {
    labels.forEach(learner::learn);
    labels.clear();
    learner.passed(nowNanos);
    learner.changed().forEach(this::observe);
    jury.learn();
  }

  private void observe(Observation observation) {
    fleet = fleet.after(observation);
  }

  private void arrive(ScheduledRequest scheduled) {
    List<DeploymentState> states = new ArrayList<>();
    int tokens = scheduled.inputTokens() + scheduled.outputTokens();
    for (int i = 0; i < engines.size(); i++) {
      DeploymentState state = fleet.get(i);
      if (tokens <= state.deployment().contextTokens()
          && tokens <= engines.get(i).longestSequenceTokens()) {
        states.add(state);
      }
    }
    if (states.isEmpty()) {
      refused++;
      return;
    }
    AdmittedRequest request = admitted(scheduled);
    Candidates candidates = new Candidates(request, states, nowNanos);
    int place = policy.choose(candidates, random);
    Prediction prediction = candidates.candidate(place).prediction();
    send(scheduled, question(request, states.get(place), prediction), prediction);
  }

  private AdmittedRequest admitted(ScheduledRequest scheduled) {
    InferenceRequest request =
        new InferenceRequest(
            Integer.toString(scheduled.index()),
            model.name(),
            new Size(scheduled.inputTokens(), 0, 0),
            Budget.NONE,
            "",
            Constraints.NONE,
            new InferenceRequest.Timing(nowNanos, Long.MAX_VALUE));
    return new AdmittedRequest(
        request,
        model,
        ServiceClass.NONE,
        Budget.NONE,
        Long.MAX_VALUE,
        learner.lengths().of(request, model, MOST_OUTPUT_TOKENS));
  }

  private Question question(AdmittedRequest request, DeploymentState state, Prediction prediction) {
    Forecaster learned = new Forecaster(request, nowNanos);
    learned.on(state, 0);
    Forecaster physics = new Forecaster(request, nowNanos);
    physics.on(
        new DeploymentState(
            state.deployment(),
            state.load(),
            true,
            state.report(),
            state.measured(),
            Calibration.NONE,
            0),
        0);
    return new Question(request, state, prediction.queued(), learned, physics);
  }

  private void send(ScheduledRequest scheduled, Question question, Prediction prediction) {
    int promptTokens = scheduled.inputTokens();
    Sequence sequence = new Sequence(scheduled.index(), promptTokens, scheduled.outputTokens());
    Work work =
        Work.of(
            question.state().deployment(), promptTokens, question.request().expectedOutputTokens());
    Flight flight = new Flight(question, prediction, work, sequence, nowNanos);
    if (scheduled.index() >= WARM_UP_SHARE * requests.size()) {
      jury.hear(flight);
    }
    flights.put(sequence, flight);
    engines.get(flight.deployment()).submit(sequence);
    observe(new Observation.Dispatched(flight.deployment(), work, nowNanos));
    labels.add(new Label.Sent(prediction, nowNanos));
  }

  /** What the engines tell. Sequences that are not ours are a neighbour's. */
  private final class Events implements EngineListener {

    @Override
    public void firstToken(Sequence sequence, long atNanos) {
      Flight flight = flights.get(sequence);
      if (flight == null) {
        return;
      }
      flight.firstTokenNanos = nowNanos;
      long nanos = flight.firstTokenSinceSentNanos();
      observe(new Observation.FirstToken(flight.deployment(), flight.work, nanos, nowNanos));
      labels.add(new Label.FirstToken(flight.prediction, nanos, nowNanos));
      jury.measured(Quantity.FIRST_TOKEN, flight, nanos);
    }

    @Override
    public void finished(Sequence sequence, long atNanos) {
      Flight flight = flights.remove(sequence);
      if (flight == null) {
        return;
      }
      int tokens = sequence.outputTokens();
      long totalNanos = nowNanos - flight.sentNanos;
      double perTokenNanos = tokens > 1 ? (nowNanos - flight.firstTokenNanos) / (tokens - 1.0) : 0;
      observe(
          new Observation.Ended(
              flight.deployment(), flight.work, tokens, true, totalNanos, nowNanos));
      labels.add(new Label.Ended(flight.prediction, tokens, true, perTokenNanos, nowNanos));
      if (tokens > 1) {
        jury.measured(Quantity.PER_TOKEN, flight, perTokenNanos);
      }
      jury.ended(flight, perTokenNanos, totalNanos);
    }
  }

  /** Requests that fitted no backend and were left out. */
  int refused() {
    return refused;
  }

  @Override
  public String toString() {
    return "Trial[" + setting.name() + ", " + sent + " of " + requests.size() + " sent]";
  }
}
