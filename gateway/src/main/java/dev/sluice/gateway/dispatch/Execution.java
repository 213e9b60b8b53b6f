package dev.sluice.gateway.dispatch;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.Vectors;
import dev.sluice.gateway.call.Answer;
import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.AttemptBooks;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.call.SerialQueue;
import dev.sluice.gateway.core.attempt.AttemptAudit;
import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.attempt.AttemptMachine;
import dev.sluice.gateway.core.attempt.AttemptTerms;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.prediction.Forecast;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Resumption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request being served: feeds events to its {@link AttemptMachine} and performs the commands.
 *
 * <p>Every event goes through one {@link SerialQueue}, so all fields but that are touched by one
 * thread at a time.
 */
final class Execution {

  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private static final int BYTES_PER_TOKEN = 4;

  /** What at most piles up for a caller who reads nothing, as measured. */
  private static final int UNREAD_BYTES = 107 * 1024;

  private final Dispatcher dispatcher;
  private final AdmittedRequest request;
  private final Payload payload;
  private final Answer answer;
  private final RoutingDecision.Route route;
  private final AttemptMachine machine;
  private final AttemptAudit audit;
  private final SerialQueue events = new SerialQueue(this::bug);

  /** Attempts that run, the writer and at most one beside it. */
  private final List<Attempt> running = new ArrayList<>(1);

  /** Indexes of the deployments that were asked. */
  private final List<Integer> tried = new ArrayList<>(1);

  /** What was delivered; null when nobody would ever go on with it. */
  private final @Nullable Transcript transcript;

  /** What the transcript holds, for {@link #heldBytes}. */
  private int transcriptBytes;

  /** When an attempt was last sent or heard of. */
  private long signNanos;

  private RequestRecord.Expense expense = RequestRecord.Expense.NOTHING;
  private @Nullable Future<?> alarm;

  /** What the event is about that is being handled. */
  private @Nullable TokenChunk chunk;

  private @Nullable Completion completion;

  Execution(Dispatcher dispatcher, RoutingDecision.Route route, Payload payload, Answer answer) {
    this.dispatcher = dispatcher;
    this.route = route;
    this.request = route.request();
    this.payload = payload;
    this.answer = answer;
    machine =
        new AttemptMachine(
            AttemptTerms.of(request),
            dispatcher.retryBudgets.forRequest(request.model().name(), nowNanos()));
    audit = new AttemptAudit(request.begunTokens());
    transcript =
        request.resumption() == Resumption.NEVER && request.begunTokens() == 0
            ? null
            : new Transcript(payload.progress());
  }

  void begin() {
    events.run(
        () -> {
          answer.listen(
              () -> events.run(this::pull),
              () -> events.run(() -> on(new AttemptEvent.CallerCancelled())));
          List<AttemptCommand> commands = machine.start(route.choice(), nowNanos());
          check(audit.begun(commands));
          perform(commands, null);
        });
  }

  /**
   * About how much memory the request holds: its prompt, what is kept of the answer, and what its
   * caller has not taken. Asked by any thread; a figure that is a little old does no harm.
   */
  long heldBytes() {
    long unreadBytes = answer.wantsMore() ? 0 : UNREAD_BYTES;
    return (long) request.promptTokens() * BYTES_PER_TOKEN + transcriptBytes + unreadBytes;
  }

  /** The gateway needs what the request holds. */
  void evict() {
    events.run(() -> on(new AttemptEvent.Evicted()));
  }

  // ---- events of an attempt, in order

  /** Brings {@code event} of an attempt into the request's order. */
  void enqueue(Runnable event) {
    events.run(event);
  }

  void tokens(Attempt from, TokenChunk came) {
    books().received(came.count());
    chunk = came;
    AttemptEvent event = new AttemptEvent.Tokens(from.number(), came.index(), came.count());
    handle(event, from);
    chunk = null;
  }

  void finished(Attempt from, Completion completed) {
    completion = completed;
    handle(new AttemptEvent.Completed(from.number(), completed.outputTokens()), from);
    if (running.remove(from)) { // it has ended, but not with a whole answer
      close(from, false);
      books().failed();
      from.faulted(false);
    }
  }

  void failed(Attempt from, BackendFailure failure) {
    if (running.remove(from)) {
      close(from, false);
      books().failed();
      blame(from, failure);
    }
    on(Failures.event(from.number(), from.deployment().backend(), failure));
  }

  /** A refusal is a backend's right and no sign of illness; asking to be left alone is heeded. */
  private static void blame(Attempt from, BackendFailure failure) {
    switch (failure) {
      case BackendFailure.Rejected rejected -> {
        switch (rejected.kind()) {
          case OVERLOADED -> {
            if (rejected.retryAfterNanos() > 0) {
              from.pushedBack(rejected.retryAfterNanos());
            }
          }
          case MISCONFIGURED -> from.faulted(false);
          case INVALID, DEADLINE_EXCEEDED -> {}
        }
      }
      case BackendFailure.NeverSent _,
          BackendFailure.Broke _,
          BackendFailure.Stalled _,
          BackendFailure.Protocol _ ->
          from.faulted(false);
    }
  }

  private void pull() {
    if (answer.wantsMore()) {
      on(new AttemptEvent.CallerReady());
      running.forEach(Attempt::pull);
    }
  }

  // ---- the machine

  private void on(AttemptEvent event) {
    handle(event, null);
  }

  private void handle(AttemptEvent event, @Nullable Attempt from) {
    List<AttemptCommand> commands = machine.on(event, nowNanos());
    check(audit.after(event, commands));
    perform(commands, from);
  }

  private void check(@Nullable String violation) {
    if (violation != null) {
      books().violated();
      LOG.error("request {} breaks a promise: {}", request.request().id(), violation);
    }
  }

  private void perform(List<AttemptCommand> commands, @Nullable Attempt from) {
    for (int i = 0; i < commands.size(); i++) {
      switch (commands.get(i)) {
        case AttemptCommand.Start start -> start(start);
        case AttemptCommand.ChooseAnother(int fromIndex) ->
            on(new AttemptEvent.Chosen(another(fromIndex)));
        case AttemptCommand.Cancel(int attempt, AttemptCommand.Why why) -> cancel(attempt, why);
        case AttemptCommand.Deliver() -> deliver(from);
        case AttemptCommand.Discard(AttemptCommand.Cause cause) -> discard(cause, from);
        case AttemptCommand.WakeAt(long nanos) -> wakeAt(nanos);
        case AttemptCommand.FinishComplete(int attempt) -> complete(attempt);
        case AttemptCommand.FinishFailed(Failure failure) -> fail(failure);
      }
    }
  }

  private RoutingDecision another(int fromIndex) {
    return dispatcher.surroundings.chooser().rescue(request.after(fromIndex), tried::contains);
  }

  private void start(AttemptCommand.Start command) {
    Candidate candidate = command.candidate();
    Deployment deployment = candidate.deployment();
    int fromIndex = command.fromIndex();
    tried.add(deployment.index());
    books().started();
    AdmittedRequest left = request.after(fromIndex);
    boolean resumes = fromIndex > request.begunTokens();
    long nowNanos = nowNanos();
    if (tried.size() > 1 && running.isEmpty()) { // not beside another
      books().handedOver(resumes, nowNanos - signNanos);
    }
    signNanos = nowNanos;
    Attempt started = new Attempt(this, command, dispatcher);
    running.add(started);
    Backend backend = dispatcher.surroundings.backends().get(deployment.index());
    started.begin(
        Asking.of(backend, left, payload, progress(), nowNanos),
        Work.of(candidate.state(), left),
        nowNanos);
    // after the backend has its request: waking the caller first would delay the first token
    if (!resumes) {
      answer.attempt(request, assignment(candidate));
    } else {
      books().resumed();
      boolean exact = deployment.continuation() == Continuation.EXACT;
      answer.resumed(request, assignment(candidate), new RequestRecord.Seam(fromIndex, exact));
    }
  }

  private Generation.Progress progress() {
    Transcript kept = transcript;
    return kept == null ? Generation.Progress.NONE : kept.progress();
  }

  private Assignment assignment(Candidate candidate) {
    Deployment.Identity identity = candidate.deployment().identity();
    Forecast forecast = candidate.forecast();
    return new Assignment(
        identity.backend(),
        identity.kind().name(),
        identity.region(),
        new Assignment.Expectation(
            forecast.firstTokenNanos(),
            forecast.perTokenNanos(),
            forecast.totalNanos(),
            forecast.probability(),
            forecast.firstTokenP90Nanos(),
            forecast.perTokenP90Nanos()),
        request.budget());
  }

  private void deliver(@Nullable Attempt from) {
    TokenChunk came = chunk;
    if (from == null || came == null) {
      throw new IllegalStateException("deliver: no tokens (expected: those of the event)");
    }
    signNanos = from.heard(came.count());
    if (transcript != null && machine.delivered() <= AttemptMachine.MAX_RESUMABLE_TOKENS) {
      transcript.add(came);
      transcriptBytes = transcript.bytes();
    }
    Vectors vectors = came.vectors();
    byte[] wire = came.wire();
    if (vectors != null) {
      answer.vectors(vectors.dimensions(), vectors.values());
    } else if (wire == null) {
      if (came.pieces().isEmpty()) {
        answer.tokens(came.index(), came.count(), came.text(), came.ids());
      } else {
        answer.pieces(came.index(), came.count(), came.pieces());
      }
      if (!came.deltas().isEmpty()) {
        answer.deltas(came.deltas());
      }
    } else {
      answer.encodedTokens(came.count(), wire);
    }
    from.consumed(answer.wantsMore());
  }

  private void discard(AttemptCommand.Cause cause, @Nullable Attempt from) {
    TokenChunk came = chunk;
    if (from == null || came == null) {
      throw new IllegalStateException("discard: no tokens (expected: those of the event)");
    }
    switch (cause) {
      case LATE -> books().discardedLate(came.count());
      case DUPLICATE -> {
        books().discardedDuplicate(came.count());
        from.consumed(answer.wantsMore());
      }
    }
  }

  private void cancel(int number, AttemptCommand.Why why) {
    for (int i = 0; i < running.size(); i++) {
      Attempt attempt = running.get(i);
      if (attempt.number() == number) {
        running.remove(i);
        attempt.cancel();
        close(attempt, false);
        books().cancelled();
        switch (why) {
          case NOT_NEEDED -> {}
          case SLOW -> attempt.faulted(true);
          case FAULTY -> attempt.faulted(false);
        }
        return;
      }
    }
  }

  private void complete(int number) {
    release();
    dispatcher.running.remove(this);
    Completion account = completion;
    for (Attempt winner : List.copyOf(running)) {
      if (winner.number() == number && account != null) {
        running.remove(winner);
        close(winner, true);
        books().won();
        answer.complete(
            account.reason().name(),
            new RequestRecord.Usage(
                account.inputTokens(),
                request.task().outputTokens(machine.delivered()),
                account.cachedInputTokens(),
                counted(account.counted())),
            expense);
      }
    }
  }

  private static RequestRecord.Counted counted(Completion.Counted counted) {
    return switch (counted) {
      case BY_BACKEND -> RequestRecord.Counted.BACKEND;
      case BY_TOKENIZER -> RequestRecord.Counted.TOKENIZER;
      case BY_ESTIMATE -> RequestRecord.Counted.ESTIMATE;
    };
  }

  private void fail(Failure failure) {
    release();
    dispatcher.running.remove(this);
    answer.fail(failure);
  }

  /** Takes an attempt off the books; what it delivered has its price, however it ended. */
  private void close(Attempt attempt, boolean complete) {
    attempt.ended(complete);
    expense = expense.plus(attempt.expense(request));
  }

  // ---- the clock

  private void wakeAt(long nanos) {
    release();
    alarm =
        dispatcher.timers.after(
            nanos - nowNanos(),
            () -> events.run(() -> on(new AttemptEvent.Woken(!answer.wantsMore()))));
  }

  private void release() {
    Future<?> timer = alarm;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private long nowNanos() {
    return dispatcher.surroundings.clock().nanoTime();
  }

  private AttemptBooks books() {
    return dispatcher.surroundings.books();
  }

  /** A bug must not leave the caller without an answer nor the books open. */
  private void bug(RuntimeException bug) {
    LOG.error("request {} ended by a bug", request.request().id(), bug);
    List<AttemptCommand> _ = machine.on(new AttemptEvent.CallerCancelled(), nowNanos());
    for (Attempt attempt : List.copyOf(running)) {
      cancel(attempt.number(), AttemptCommand.Why.NOT_NEEDED);
    }
    fail(Failure.of(Reason.INTERNAL, "the gateway failed; the event is logged"));
  }
}
