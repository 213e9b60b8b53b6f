package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.attempt.AttemptAudit;
import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.attempt.AttemptTerms;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Hash;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Resumption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request being served in virtual time, token by token: feeds events to the machine and
 * performs the commands, as the gateway's dispatch does.
 */
final class Serving {

  private final Shell shell;
  private final World world;
  private final Caller caller;
  private final AttemptAudit audit;
  private AdmittedRequest request;
  private @Nullable Attempts machine;
  private @Nullable Witness witness;

  /** Attempts that run. */
  private final List<Attempt> running = new ArrayList<>(2);

  /** All that were ever made. */
  private final List<Attempt> all = new ArrayList<>(2);

  /** What was passed on, in case another backend must go on with it. */
  private Text said;

  private int saidTokens;
  private long saidHash;

  /** Tells the newest alarm from those before it. */
  private int alarm;

  private boolean closed;

  Serving(Shell shell, World world, Caller caller, AdmittedRequest request) {
    this.shell = shell;
    this.world = world;
    this.caller = caller;
    this.request = request;
    said = caller.wish().answer();
    saidTokens = caller.wish().begunTokens();
    saidHash = said.beginning(saidTokens);
    audit = new AttemptAudit(saidTokens);
  }

  Caller caller() {
    return caller;
  }

  AdmittedRequest request() {
    return request;
  }

  List<Attempt> attempts() {
    return all;
  }

  List<Attempt> running() {
    return running;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether somebody was asked. */
  boolean hasBegun() {
    return machine != null;
  }

  /** Tokens that the caller has, those from elsewhere included. */
  int saidTokens() {
    return saidTokens;
  }

  /** Tokens that were passed on here. */
  int deliveredTokens() {
    return saidTokens - begunTokens();
  }

  private int begunTokens() {
    return caller.wish().begunTokens();
  }

  void begin(RoutingDecision.Route route) {
    request = route.request();
    AttemptTerms terms =
        new AttemptTerms(
            request.budget(),
            request.deadlineNanos(),
            request.resumption(),
            world.plan().habits().hedgeNanos(),
            request.begunTokens());
    Witness watching = new Witness(world.tally(), terms);
    Attempts begun =
        world
            .rig()
            .attempts()
            .create(terms, shell.permitsOfRequest(request.model().name(), watching));
    witness = watching;
    machine = begun;
    note(Trace.Step.ROUTED, 0, 0, 0);
    List<AttemptCommand> commands = begun.start(route.choice(), nowNanos());
    check(audit.begun(commands));
    perform(commands, null, null);
  }

  // ---- events

  void tokens(Attempt from, Chunk chunk) {
    note(Trace.Step.HEARD, from.number(), chunk.index(), chunk.count());
    shell.books().tokensReceived += chunk.count();
    from.received += chunk.count();
    handle(new AttemptEvent.Tokens(from.number(), chunk.index(), chunk.count()), from, chunk);
  }

  void finished(Attempt from, int tokens) {
    note(Trace.Step.GATEWAY_HEARS_END, from.number(), tokens, 0);
    handle(new AttemptEvent.Completed(from.number(), tokens), from, null);
    if (running.remove(from)) { // it has ended, but not with a whole answer
      close(from, false);
      shell.books().attemptsFailed++;
      shell.faulted(from, false);
    }
  }

  void failed(Attempt from, Ending how) {
    note(Trace.Step.GATEWAY_HEARS_FAILURE, from.number(), from.index(), how);
    if (how == Ending.NEVER_SENT) {
      shell.unreachable(from.index());
    }
    if (running.remove(from)) {
      close(from, false);
      shell.books().attemptsFailed++;
      blame(from, how);
    }
    Failure failure = Failure.of(how.reason(), "backend " + from.deployment().backend());
    handle(new AttemptEvent.Failed(from.number(), failure, how.again()), from, null);
  }

  /** A refusal is a backend's right and no sign of illness; asking to be left alone is heeded. */
  private void blame(Attempt from, Ending how) {
    switch (how) {
      case OVERLOADED -> shell.pushedBack(from);
      case INVALID -> {}
      case NEVER_SENT, BROKE, GARBAGE -> shell.faulted(from, false);
    }
  }

  void callerLeft() {
    if (machine == null) {
      shell.leaveLine(this);
      world.tally().happened(Sometimes.LEFT_WHILE_WAITING);
      fail(Failure.of(Reason.CALLER_CANCELLED, "the caller went away"));
    } else {
      handle(new AttemptEvent.CallerCancelled(), null, null);
    }
  }

  /** Nobody is to be asked any more. */
  void refused(Failure failure) {
    fail(failure);
  }

  private void woken(int ofAlarm) {
    if (ofAlarm != alarm) {
      return;
    }
    note(Trace.Step.WOKEN, 0, saidTokens, 0);
    if (machine == null) {
      shell.leaveLine(this);
      fail(Failure.of(Reason.DEADLINE_EXPIRED, "deadline: passed before it could be routed"));
    } else {
      handle(new AttemptEvent.Woken(false), null, null);
    }
  }

  // ---- the machine

  private void handle(AttemptEvent event, @Nullable Attempt from, @Nullable Chunk chunk) {
    Witness watching = Objects.requireNonNull(witness);
    watching.before(event, running.size(), saidTokens);
    List<AttemptCommand> commands = Objects.requireNonNull(machine).on(event, nowNanos());
    watching.after(event, commands);
    check(audit.after(event, commands));
    perform(commands, from, chunk);
  }

  private void check(@Nullable String violation) {
    if (violation != null && world.rig().audited()) {
      throw new BrokenPromise("request " + caller.id() + " " + violation);
    }
  }

  private void perform(
      List<AttemptCommand> commands, @Nullable Attempt from, @Nullable Chunk chunk) {
    for (int i = 0; i < commands.size(); i++) {
      switch (commands.get(i)) {
        case AttemptCommand.Start start -> start(start);
        case AttemptCommand.ChooseAnother(int fromIndex) -> choose(fromIndex);
        case AttemptCommand.Cancel(int attempt, AttemptCommand.Why why) -> cancel(attempt, why);
        case AttemptCommand.Deliver() -> deliver(from, chunk);
        case AttemptCommand.Discard(AttemptCommand.Cause cause) -> discard(cause, from, chunk);
        case AttemptCommand.WakeAt(long nanos) -> wakeAt(nanos);
        case AttemptCommand.FinishComplete(int attempt) -> complete(attempt);
        case AttemptCommand.FinishFailed(Failure failure) -> fail(failure);
      }
    }
  }

  private void choose(int fromIndex) {
    note(Trace.Step.CHOOSING, 0, fromIndex, 0);
    long ponderNanos = world.plan().habits().ponderNanos();
    if (ponderNanos == 0) {
      chosen(fromIndex);
    } else {
      shell.host().at(nowNanos() + ponderNanos, () -> chosen(fromIndex));
    }
  }

  private void chosen(int fromIndex) {
    if (fromIndex > begunTokens() && request.resumption() == Resumption.NEVER) {
      throw new BrokenPromise(this + " looks for a continuation against its terms");
    }
    RoutingDecision decision = shell.rescue(request.after(fromIndex), this::hasTried);
    handle(new AttemptEvent.Chosen(decision), null, null);
  }

  private boolean hasTried(int index) {
    for (Attempt attempt : all) {
      if (attempt.index() == index) {
        return true;
      }
    }
    return false;
  }

  private void start(AttemptCommand.Start command) {
    int fromIndex = command.fromIndex();
    AdmittedRequest left = request.after(fromIndex);
    Work work =
        Work.of(command.candidate().state(), left.request().size(), left.expectedOutputTokens());
    Attempt started = new Attempt(this, command, work, nowNanos());
    note(Trace.Step.STARTED, started.number(), started.index(), fromIndex);
    running.add(started);
    all.add(started);
    shell.started(started);
    Ask.Said progress = new Ask.Said(said, saidTokens, saidHash);
    boolean wrong = caller.wish().wrong();
    shell.send(started, new Ask(started, fromIndex, progress, wrong));
    boolean exact = started.deployment().continuation() == Continuation.EXACT;
    if (fromIndex > begunTokens()) {
      shell.books().resumes++;
      Objects.requireNonNull(witness).resumed(caller.wish().answer().tokens() == fromIndex, exact);
      caller.resumed(fromIndex, exact, started.salt());
    } else if (fromIndex > 0) {
      if (!exact) {
        throw new BrokenPromise(this + " was begun elsewhere and goes on in other words");
      }
      world.tally().happened(Sometimes.BEGUN_ELSEWHERE);
    }
  }

  private void deliver(@Nullable Attempt from, @Nullable Chunk chunk) {
    if (from == null || chunk == null) {
      throw new BrokenPromise(this + " delivers tokens that nobody sent");
    }
    shell.heard(from, chunk.count());
    said = chunk.text();
    saidTokens += chunk.count();
    for (int i = 0; i < chunk.count(); i++) {
      saidHash = Hash.fold(saidHash, chunk.token(i));
    }
    shell.books().tokensDelivered += chunk.count();
    caller.tokens(chunk);
  }

  private void discard(AttemptCommand.Cause cause, @Nullable Attempt from, @Nullable Chunk chunk) {
    if (from == null || chunk == null) {
      throw new BrokenPromise(this + " drops tokens that nobody sent");
    }
    note(Trace.Step.DROPPED, from.number(), chunk.index(), chunk.count());
    switch (cause) {
      case LATE -> {
        shell.books().discardedLate += chunk.count();
        world.tally().happened(Sometimes.LATE_DROPPED);
      }
      case DUPLICATE -> {
        shell.books().discardedDuplicate += chunk.count();
        world.tally().happened(Sometimes.DUPLICATE_DROPPED);
      }
    }
  }

  private void cancel(int number, AttemptCommand.Why why) {
    for (Attempt attempt : List.copyOf(running)) {
      if (attempt.number() == number) {
        note(Trace.Step.CANCELLED, number, attempt.index(), 0);
        running.remove(attempt);
        shell.cancel(attempt);
        close(attempt, false);
        shell.books().attemptsCancelled++;
        switch (why) {
          case NOT_NEEDED -> {}
          case SLOW -> shell.faulted(attempt, true);
          case FAULTY -> shell.faulted(attempt, false);
        }
      }
    }
  }

  private void complete(int number) {
    for (Attempt winner : List.copyOf(running)) {
      if (winner.number() == number) {
        running.remove(winner);
        close(winner, true);
        shell.books().attemptsWon++;
      }
    }
    if (all.stream().anyMatch(attempt -> attempt.fromIndex() > begunTokens())) {
      world.tally().happened(Sometimes.RESUMED_AND_COMPLETED);
    }
    shell.books().completed++;
    closed();
    caller.complete(Objects.requireNonNull(machine).delivered());
  }

  private void fail(Failure failure) {
    Attempts begun = machine;
    GatewayBooks books = shell.books();
    if (failure.reason() == Reason.CALLER_CANCELLED) {
      books.cancelled++;
      world.tally().happened(Sometimes.CANCELLED);
    } else if (begun == null) {
      books.rejected++;
    } else {
      books.failed++;
    }
    if (failure.reason() == Reason.DEADLINE_EXPIRED) {
      world.tally().happened(Sometimes.DEADLINE_PASSED);
    }
    world.trace().add(caller.id(), 0, failure.reason() + " " + failure.message());
    closed();
    caller.failed(failure.reason(), begun == null ? saidTokens : begun.delivered());
  }

  private void closed() {
    alarm++;
    closed = true;
    shell.closed(this);
  }

  private void close(Attempt attempt, boolean complete) {
    attempt.closedNanos = nowNanos();
    shell.ended(attempt, complete);
  }

  // ---- the clock

  /** Looks at itself at {@code nanos}, and not when it wanted to before. */
  void wakeAt(long nanos) {
    int ofAlarm = ++alarm;
    shell.host().at(nanos, () -> woken(ofAlarm));
  }

  private long nowNanos() {
    return world.agenda().nowNanos();
  }

  private void note(Trace.Step step, int attempt, long first, Enum<?> second) {
    world.trace().note(step, caller.id(), attempt, first, second);
  }

  private void note(Trace.Step step, int attempt, long first, long second) {
    world.trace().note(step, caller.id(), attempt, first, second);
  }

  @Override
  public String toString() {
    return "request " + caller.id();
  }
}
