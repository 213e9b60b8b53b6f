package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.gateway.core.attempt.AttemptAudit;
import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.attempt.AttemptEvent.Again;
import dev.sluice.gateway.core.attempt.AttemptMachine;
import dev.sluice.gateway.core.attempt.AttemptTerms;
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
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request being served in virtual time: feeds events to its {@link AttemptMachine} and performs
 * the commands, as the gateway's dispatch does in real time.
 *
 * <p>Engines tell the first token and the end; the tokens between are brought to the machine when
 * they matter: at a wake-up, a break or the end.
 */
final class Execution {

  private final VirtualGateway gateway;
  private final Arrival arrival;

  /** Its place among the open ones. */
  private final int slot;

  private AdmittedRequest request;
  private @Nullable AttemptMachine machine;
  private final AttemptAudit audit = new AttemptAudit(0);
  private @Nullable Attempt attempt;
  private int[] tried = {};

  private @Nullable Deployment askedLast;
  private double probability = Double.NaN;
  private FinishedRequest.Answer answer = FinishedRequest.Answer.NONE;
  private FinishedRequest.Spending spending = FinishedRequest.Spending.NOTHING;

  /** What happened while commands were being performed. */
  private @Nullable AttemptEvent pending;

  /**
   * One try on one accelerator.
   *
   * @param known tokens of the answer that the engine took as given
   */
  private record Attempt(
      AttemptCommand.Start command, Work work, Sequence sequence, int known, long sentNanos) {
    int number() {
      return command.attempt();
    }

    Candidate candidate() {
      return command.candidate();
    }

    int index() {
      return candidate().deployment().index();
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

  /** Whether it was ever routed. */
  boolean wasRouted() {
    return machine != null;
  }

  void begin(RoutingDecision.Route route) {
    request = route.request();
    gateway.routed(arrival, request);
    AttemptMachine begun =
        new AttemptMachine(
            AttemptTerms.of(request), gateway.permitsOfRequest(request.model().name()));
    machine = begun;
    List<AttemptCommand> commands = begun.start(route.choice(), gateway.nowNanos());
    check(audit.begun(commands));
    perform(commands);
  }

  /** Whether its running attempt is on the accelerator with this index. */
  boolean isOn(int index) {
    return attempt != null && attempt.index() == index;
  }

  /** Whether it was routed and has no attempt now: a continuation that waits for its permit. */
  boolean isBetweenAttempts() {
    return machine != null && attempt == null;
  }

  // ---- events

  void firstToken() {
    Attempt running = Objects.requireNonNull(attempt);
    long nowNanos = gateway.nowNanos();
    long sinceSentNanos = nowNanos - running.sentNanos;
    gateway.observe(
        new Observation.FirstToken(running.index(), running.work, sinceSentNanos, nowNanos));
    gateway.learn(new Label.FirstToken(running.candidate().prediction(), sinceSentNanos, nowNanos));
    hear(running, running.known + 1);
  }

  void completed() {
    Attempt running = Objects.requireNonNull(attempt);
    int tokens = running.known + running.sequence.outputTokens();
    hear(running, tokens);
    on(new AttemptEvent.Completed(running.number(), tokens));
  }

  /** The instant came at which it wanted to look at itself. */
  void woken() {
    if (machine == null) {
      gateway.stopWaiting(this);
      finishFailed(
          Failure.of(
              Reason.DEADLINE_EXPIRED, "deadline: passed before the request could be routed"));
      return;
    }
    Attempt running = attempt;
    if (running != null) {
      hear(running, running.known + tokensNow(running));
    }
    on(new AttemptEvent.Woken(false));
  }

  /** Its accelerator is gone, and with it what it held of the request. */
  void broke() {
    Attempt broken = Objects.requireNonNull(attempt);
    hear(broken, broken.known + tokensNow(broken));
    on(failed(Reason.BACKEND_UNREACHABLE, "the backend broke", Again.ELSEWHERE));
  }

  /** Nobody is to be asked any more. */
  void refused(Failure failure) {
    finishFailed(failure);
  }

  /** Brings to the machine what {@code running} has said up to token {@code tokens}. */
  private void hear(Attempt running, int tokens) {
    int known = Objects.requireNonNull(machine).delivered();
    if (tokens > known) {
      on(new AttemptEvent.Tokens(running.number(), known, tokens - known));
    }
  }

  /** Takes the running attempt off the books; what that means for the machine. */
  private AttemptEvent failed(Reason reason, String detail, Again again) {
    Attempt broken = Objects.requireNonNull(attempt);
    end(broken, tokensNow(broken), false);
    if (reason == Reason.BACKEND_UNREACHABLE) {
      faulted(broken, false);
    }
    return new AttemptEvent.Failed(
        broken.number(),
        Failure.of(reason, "backend " + broken.candidate().deployment().backend() + ": " + detail),
        again);
  }

  // ---- the machine

  private void on(AttemptEvent event) {
    List<AttemptCommand> commands = Objects.requireNonNull(machine).on(event, gateway.nowNanos());
    check(audit.after(event, commands));
    perform(commands);
  }

  private void check(@Nullable String violation) {
    if (violation != null) {
      throw new IllegalStateException(this + " breaks a promise: " + violation);
    }
  }

  private void perform(List<AttemptCommand> commands) {
    for (int i = 0; i < commands.size(); i++) {
      switch (commands.get(i)) {
        case AttemptCommand.Start start -> start(start);
        case AttemptCommand.ChooseAnother(int fromIndex) ->
            on(new AttemptEvent.Chosen(another(fromIndex)));
        case AttemptCommand.Cancel(_, AttemptCommand.Why why) -> cancel(why);
        case AttemptCommand.WakeAt(long nanos) -> gateway.wakeAt(this, nanos);
        case AttemptCommand.FinishComplete _ -> finishComplete();
        case AttemptCommand.FinishFailed(Failure failure) -> finishFailed(failure);
        // the caller of a simulated request counts tokens and does not read them
        case AttemptCommand.Deliver _, AttemptCommand.Discard _ -> {}
      }
    }
    AttemptEvent meanwhile = pending;
    if (meanwhile != null) {
      pending = null;
      on(meanwhile);
    }
  }

  private RoutingDecision another(int fromIndex) {
    return gateway.rescue(request.after(fromIndex), this::hasTried);
  }

  private boolean hasTried(int index) {
    for (int each : tried) {
      if (each == index) {
        return true;
      }
    }
    return false;
  }

  private void start(AttemptCommand.Start command) {
    Candidate candidate = command.candidate();
    Deployment deployment = candidate.deployment();
    int index = deployment.index();
    int fromIndex = command.fromIndex();
    tried = Arrays.copyOf(tried, tried.length + 1);
    tried[tried.length - 1] = index;
    askedLast = deployment;
    probability = fromIndex == 0 ? candidate.forecast().probability() : probability;
    AdmittedRequest left = request.after(fromIndex);
    // of an answer that lacks nothing but its end the last token is computed again
    int known = Math.min(fromIndex, gateway.answerTokens(arrival, request, index) - 1);
    Sequence sequence = gateway.sequence(slot, arrival, request, known, index);
    long nowNanos = gateway.nowNanos();
    Attempt started =
        new Attempt(command, Work.of(candidate.state(), left), sequence, known, nowNanos);
    attempt = started;
    gateway.observe(new Observation.Dispatched(index, started.work, nowNanos));
    gateway.learn(new Label.Sent(candidate.prediction(), nowNanos));
    switch (gateway.send(index, started.sequence)) {
      case TAKEN -> {}
      case GONE -> {
        gateway.observe(new Observation.Reachability(index, false));
        pending = failed(Reason.BACKEND_UNREACHABLE, "nobody is there", Again.ELSEWHERE);
      }
      case TOO_LONG ->
          pending = failed(Reason.MALFORMED_REQUEST, "the prompt is too long", Again.NEVER);
      case FULL -> pending = failed(Reason.OVERLOADED, "too many wait", Again.ELSEWHERE);
    }
  }

  private void cancel(AttemptCommand.Why why) {
    Attempt running = attempt;
    if (running != null) {
      int tokens = tokensNow(running);
      gateway.cancel(running.index(), running.sequence);
      end(running, tokens, false);
      switch (why) {
        case NOT_NEEDED -> {}
        case SLOW -> faulted(running, true);
        case FAULTY -> faulted(running, false);
      }
    }
  }

  private void faulted(Attempt blamed, boolean slow) {
    long nowNanos = gateway.nowNanos();
    gateway.observe(
        new Observation.Faulted(blamed.index(), slow, nowNanos - blamed.sentNanos, nowNanos));
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

  /** Takes an attempt that has said {@code tokens} tokens off the books. */
  private void end(Attempt ended, int tokens, boolean complete) {
    attempt = null;
    long nowNanos = gateway.nowNanos();
    Sequence sequence = ended.sequence;
    gateway.observe(
        new Observation.Ended(
            ended.index(), ended.work, tokens, complete, nowNanos - ended.sentNanos, nowNanos));
    gateway.learn(
        new Label.Ended(
            ended.candidate().prediction(),
            tokens,
            complete,
            tokens > 1 ? (nowNanos - sequence.firstTokenNanos()) / (tokens - 1.0) : 0,
            nowNanos));
    boolean begun = sequence.admittedNanos() != Engine.NEVER;
    note(ended.known + tokens, tokens > 0 ? sequence.firstTokenNanos() : 0, begun, sequence);
    if (begun) {
      Deployment deployment = ended.candidate().deployment();
      spending =
          spending.plus(
              deployment.costUsd(arrival.promptTokens() + ended.known, tokens), sequence.joules());
    }
  }

  /** Notes what the answer has come to: {@code tokens} tokens in all. */
  private void note(int tokens, long firstTokenNanos, boolean begun, Sequence sequence) {
    long sinceArrivalNanos = gateway.nowNanos() - arrival.atNanos();
    long ttftNanos = answer.ttftNanos();
    if (ttftNanos == 0 && firstTokenNanos > 0) {
      ttftNanos = firstTokenNanos - arrival.atNanos();
    }
    long queuedNanos = answer.queuedNanos();
    if (queuedNanos == 0 && begun) {
      queuedNanos = sequence.admittedNanos() - arrival.atNanos();
    }
    answer =
        new FinishedRequest.Answer(
            tokens,
            queuedNanos,
            ttftNanos,
            tokens > 1 ? (sinceArrivalNanos - ttftNanos) / (tokens - 1) : 0,
            sinceArrivalNanos);
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
