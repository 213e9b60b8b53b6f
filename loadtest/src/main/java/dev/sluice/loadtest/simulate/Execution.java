package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.attempt.AttemptMachine;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.prediction.Label;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.loadtest.report.Ending;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request being served in virtual time: feeds events to its {@link AttemptMachine} and performs
 * the commands, as the gateway's dispatch does in real time.
 */
final class Execution {

  private final VirtualGateway gateway;
  private final Arrival arrival;

  /** Its place among the open ones. */
  private final int slot;

  private AdmittedRequest request;
  private @Nullable AttemptMachine machine;
  private @Nullable Attempt attempt;
  private int[] tried = {};

  private @Nullable Deployment askedLast;
  private double probability = Double.NaN;
  private FinishedRequest.Answer answer = FinishedRequest.Answer.NONE;
  private FinishedRequest.Spending spending = FinishedRequest.Spending.NOTHING;

  /** One try on one accelerator. */
  private record Attempt(Candidate candidate, Work work, Sequence sequence, long sentNanos) {
    int index() {
      return candidate.deployment().index();
    }
  }

  Execution(VirtualGateway gateway, Arrival arrival, AdmittedRequest request, int slot) {
    this.gateway = gateway;
    this.arrival = arrival;
    this.request = request;
    this.slot = slot;
  }

  int slot() {
    return slot;
  }

  AdmittedRequest request() {
    return request;
  }

  void begin(RoutingDecision.Route route) {
    request = route.request();
    perform(AttemptMachine.start(route.choice()));
  }

  /** Whether its running attempt is on the accelerator with this index. */
  boolean isOn(int index) {
    return attempt != null && attempt.index() == index;
  }

  // ---- events

  void firstToken() {
    Attempt running = Objects.requireNonNull(attempt);
    long nowNanos = gateway.nowNanos();
    long sinceSentNanos = nowNanos - running.sentNanos;
    gateway.observe(
        new Observation.FirstToken(running.index(), running.work, sinceSentNanos, nowNanos));
    gateway.learn(new Label.FirstToken(running.candidate.prediction(), sinceSentNanos, nowNanos));
    on(new AttemptEvent.FirstToken());
  }

  void completed() {
    on(new AttemptEvent.Completed());
  }

  void deadlinePassed() {
    if (machine == null) {
      gateway.stopWaiting(this);
      finishFailed(
          Failure.of(
              Reason.DEADLINE_EXPIRED, "deadline: passed before the request could be routed"));
    } else {
      on(new AttemptEvent.DeadlinePassed());
    }
  }

  /** Its accelerator is gone, and with it what it held of the request. */
  void broke() {
    boolean begun = tokensNow(Objects.requireNonNull(attempt)) > 0;
    failed(
        begun ? Reason.STREAM_INTERRUPTED : Reason.BACKEND_UNREACHABLE, "the backend broke", false);
  }

  /** Nobody is to be asked any more. */
  void refused(Failure failure) {
    finishFailed(failure);
  }

  private void failed(Reason reason, String detail, boolean untouched) {
    Attempt broken = Objects.requireNonNull(attempt);
    end(broken, tokensNow(broken), false);
    on(
        new AttemptEvent.AttemptFailed(
            Failure.of(
                reason, "backend " + broken.candidate.deployment().backend() + ": " + detail),
            untouched));
  }

  // ---- the machine

  private void on(AttemptEvent event) {
    perform(Objects.requireNonNull(machine).on(event));
  }

  private void perform(AttemptMachine.Step step) {
    machine = step.next();
    for (AttemptCommand command : step.commands()) {
      switch (command) {
        case AttemptCommand.Start(Candidate candidate) -> start(candidate);
        case AttemptCommand.ChooseAnother() ->
            on(new AttemptEvent.Chosen(gateway.choose(request, this::hasTried)));
        case AttemptCommand.CancelAttempt() -> cancel();
        case AttemptCommand.FinishComplete() -> finishComplete();
        case AttemptCommand.FinishFailed(Failure failure) -> finishFailed(failure);
      }
    }
  }

  private boolean hasTried(int index) {
    for (int each : tried) {
      if (each == index) {
        return true;
      }
    }
    return false;
  }

  private void start(Candidate candidate) {
    Deployment deployment = candidate.deployment();
    tried = Arrays.copyOf(tried, tried.length + 1);
    tried[tried.length - 1] = deployment.index();
    askedLast = deployment;
    probability = candidate.forecast().probability();
    long nowNanos = gateway.nowNanos();
    Attempt started =
        new Attempt(
            candidate,
            Work.of(candidate.state(), request),
            gateway.sequence(slot, arrival, request, deployment.index()),
            nowNanos);
    attempt = started;
    gateway.observe(new Observation.Dispatched(deployment.index(), started.work, nowNanos));
    gateway.learn(new Label.Sent(candidate.prediction(), nowNanos));
    switch (gateway.send(deployment.index(), started.sequence)) {
      case TAKEN -> {}
      case GONE -> {
        gateway.observe(new Observation.Reachability(deployment.index(), false));
        failed(Reason.BACKEND_UNREACHABLE, "nobody is there", true);
      }
      case TOO_LONG -> failed(Reason.MALFORMED_REQUEST, "the prompt is too long", false);
      case FULL -> failed(Reason.OVERLOADED, "too many wait", true);
    }
  }

  private void cancel() {
    Attempt running = attempt;
    if (running != null) {
      int tokens = tokensNow(running);
      gateway.cancel(running.index(), running.sequence);
      end(running, tokens, false);
    }
  }

  private void finishComplete() {
    Attempt winner = Objects.requireNonNull(attempt);
    end(winner, winner.sequence.outputTokens(), true);
    gateway.finished(this, null);
  }

  private void finishFailed(Failure failure) {
    gateway.finished(this, failure);
  }

  private int tokensNow(Attempt running) {
    return gateway.tokens(running.index(), running.sequence);
  }

  /** Takes an attempt off the books. */
  private void end(Attempt ended, int tokens, boolean complete) {
    attempt = null;
    long nowNanos = gateway.nowNanos();
    Sequence sequence = ended.sequence;
    long perTokenNanos = tokens > 1 ? (nowNanos - sequence.firstTokenNanos()) / (tokens - 1) : 0;
    gateway.observe(
        new Observation.Ended(
            ended.index(), ended.work, tokens, complete, nowNanos - ended.sentNanos, nowNanos));
    gateway.learn(
        new Label.Ended(
            ended.candidate.prediction(),
            tokens,
            complete,
            tokens > 1 ? (nowNanos - sequence.firstTokenNanos()) / (tokens - 1.0) : 0,
            nowNanos));
    boolean begun = sequence.admittedNanos() != Engine.NEVER;
    answer =
        new FinishedRequest.Answer(
            tokens,
            begun ? sequence.admittedNanos() - arrival.atNanos() : 0,
            tokens > 0 ? sequence.firstTokenNanos() - arrival.atNanos() : 0,
            perTokenNanos,
            nowNanos - arrival.atNanos());
    if (begun) {
      Deployment deployment = ended.candidate.deployment();
      spending =
          spending.plus(deployment.costUsd(arrival.promptTokens(), tokens), sequence.joules());
    }
  }

  // ---- what became of it

  /**
   * The account of it, once it has ended: with {@code failure}, or completely when that is null.
   */
  FinishedRequest result(@Nullable Failure failure) {
    FinishedRequest.Answer got = answer.endingAt(gateway.nowNanos() - arrival.atNanos());
    return new FinishedRequest(
        arrival,
        failure == null ? Ending.COMPLETED : Requests.ending(failure.reason()),
        askedLast,
        got,
        failure == null && isWhole(got) && keeps(got),
        probability,
        spending);
  }

  /** Whether the answer was not cut short because the accelerator had no room for all of it. */
  private boolean isWhole(FinishedRequest.Answer got) {
    return got.tokens() >= Math.min(arrival.outputTokens(), request.maxOutputTokens());
  }

  private boolean keeps(FinishedRequest.Answer got) {
    Budget budget = request.budget();
    return within(got.ttftNanos(), budget.firstTokenNanos())
        && within(got.tpotNanos(), budget.perTokenNanos())
        && within(got.totalNanos(), budget.totalNanos());
  }

  private static boolean within(long nanos, long budgetNanos) {
    return budgetNanos == 0 || nanos <= budgetNanos;
  }

  @Override
  public String toString() {
    return "Execution[" + arrival.id() + ", " + machine + "]";
  }
}
