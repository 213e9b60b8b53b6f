package dev.sluice.gateway.core.attempt;

import dev.sluice.gateway.core.attempt.AttemptCommand.Cause;
import dev.sluice.gateway.core.attempt.AttemptCommand.Why;
import dev.sluice.gateway.core.attempt.AttemptEvent.Again;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Resumption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a request's attempts: every event makes the next state and the commands that follow
 * from it, to be carried out in their order.
 *
 * <p>Before the first token a failed or silent attempt is made again elsewhere, once. With the
 * first token one attempt has won: it alone may write, and the others are cancelled. When that one
 * breaks off, the answer is continued elsewhere from the token where it stopped, twice at most, if
 * the caller takes such a continuation; else it ends with STREAM_INTERRUPTED. Every further attempt
 * needs a permit; a continuation waits for one a while. A finished machine cancels, starts and ends
 * nothing.
 *
 * <p>An answer that was begun elsewhere is as one from its beginning, only that the first token
 * wanted is another.
 *
 * <p>Mutable, since there is an event for each token; deterministic, and used by one thread at a
 * time.
 */
public final class AttemptMachine {

  /** Attempts before the first token, in all (faults §5.4). */
  public static final int MAX_ATTEMPTS = 2;

  /** Continuations of one answer (faults §5.4). */
  public static final int MAX_RESUMES = 2;

  /** Longest answer that is continued: what was delivered must be held for it (faults §5.4). */
  public static final int MAX_RESUMABLE_TOKENS = 65_536;

  /** How long a caller may take nothing (faults §5.3). */
  private static final long MOST_HELD_NANOS = 30_000_000_000L;

  private static final long NOT_HELD = Long.MIN_VALUE;

  /** How often a continuation looks for a permit: a small part of the gap that is borne. */
  private static final long NEXT_PERMIT_NANOS = 25_000_000L;

  private static final List<AttemptCommand> NOTHING = List.of();
  private static final List<AttemptCommand> DELIVER = List.of(new AttemptCommand.Deliver());
  private static final List<AttemptCommand> DISCARD_LATE =
      List.of(new AttemptCommand.Discard(Cause.LATE));
  private static final List<AttemptCommand> DISCARD_DUPLICATE =
      List.of(new AttemptCommand.Discard(Cause.DUPLICATE));

  private final AttemptTerms terms;
  private final Permits permits;

  /** At most two: the one that was asked and a hedge. */
  private final List<Running> running = new ArrayList<>(1);

  private int started;
  private int resumes;
  private int delivered;
  private boolean finished;

  /** Whether a hedge was due, made or not: it is considered once. */
  private boolean hedgeConsidered;

  /** When it is to be woken. */
  private long wakeNanos;

  /** Since when the caller has taken nothing; {@link #NOT_HELD} while it does. */
  private long heldNanos = NOT_HELD;

  private long brokenNanos;

  /** Whether a permit is to be given back when the continuation speaks or ends. */
  private boolean hasLoan;

  /** Why somebody else is looked for; null while nobody is. */
  private @Nullable Search search;

  /** Index of the first token that is wanted of whom is looked for. */
  private int searchedFrom;

  /** What broke the answer off, until it goes on: it tells more than what failed after it. */
  private @Nullable Failure broken;

  /** Why another backend is looked for. */
  private enum Search {
    /** Nothing runs. */
    INSTEAD,
    /** The attempt that runs is silent for too long. */
    FAIL_OVER,
    /** The attempt that runs may be slow. */
    HEDGE
  }

  /** A machine that has not started, which asks {@code permits} for every further attempt. */
  public AttemptMachine(AttemptTerms terms, Permits permits) {
    this.terms = terms;
    this.permits = permits;
    delivered = terms.firstIndex();
  }

  /** Attempts started so far. */
  public int attempts() {
    return started;
  }

  /** Tokens of the answer that the caller has; also the index of the next one. */
  public int delivered() {
    return delivered;
  }

  /** Whether the caller has its answer or its error. */
  public boolean isFinished() {
    return finished;
  }

  /** The first commands: start on {@code candidate}. */
  public List<AttemptCommand> start(Candidate candidate, long nowNanos) {
    if (started > 0) {
      throw new IllegalStateException("start: a second time (expected: once)");
    }
    List<AttemptCommand> commands = new ArrayList<>(2);
    begin(candidate, nowNanos, commands);
    wake(commands);
    return commands;
  }

  /** The commands that follow from {@code event}. */
  public List<AttemptCommand> on(AttemptEvent event, long nowNanos) {
    return switch (event) {
      case AttemptEvent.Tokens(int attempt, int index, int count) ->
          tokens(attempt, index, count, nowNanos);
      case AttemptEvent.Completed(int attempt, int outputTokens) ->
          completed(attempt, outputTokens, nowNanos);
      case AttemptEvent.Failed(int attempt, Failure failure, Again again) ->
          failed(attempt, failure, again, nowNanos);
      case AttemptEvent.Chosen(RoutingDecision decision) -> chosen(decision, nowNanos);
      case AttemptEvent.Woken(boolean held) -> woken(held, nowNanos);
      case AttemptEvent.CallerReady() -> ready(nowNanos);
      case AttemptEvent.Evicted() -> evicted();
      case AttemptEvent.CallerCancelled() ->
          giveUp(Failure.of(Reason.CALLER_CANCELLED, "the caller went away"));
    };
  }

  // ---- from a backend

  private List<AttemptCommand> tokens(int attempt, int index, int count, long nowNanos) {
    Running from = find(attempt);
    if (from == null) {
      return DISCARD_LATE;
    }
    if ((long) index + count <= delivered) {
      return DISCARD_DUPLICATE;
    }
    if (index != delivered) {
      return breach(from, index, nowNanos);
    }
    delivered += count;
    from.heardNanos = nowNanos;
    if (from.hasSpoken) {
      return DELIVER;
    }
    from.hasSpoken = true;
    giveLoanBack();
    broken = null;
    if (running.size() == 1 && wakeNanos <= from.dueNanos()) {
      return DELIVER;
    }
    List<AttemptCommand> commands = new ArrayList<>(3);
    cancelAllBut(from, Why.NOT_NEEDED, commands);
    commands.add(new AttemptCommand.Deliver());
    if (wakeNanos > from.dueNanos()) {
      // it was expected later than it would be found silent from now on
      wake(commands);
    }
    return commands;
  }

  private List<AttemptCommand> breach(Running from, int index, long nowNanos) {
    List<AttemptCommand> commands = new ArrayList<>(3);
    cancel(from, Why.FAULTY, commands);
    commands.addAll(DISCARD_LATE);
    Failure failure =
        Failure.of(
            Reason.BACKEND_PROTOCOL_ERROR,
            "backend %s: token index %d (expected: %d)".formatted(name(from), index, delivered));
    ended(failure, Again.ELSEWHERE, nowNanos, commands);
    return commands;
  }

  private List<AttemptCommand> completed(int attempt, int outputTokens, long nowNanos) {
    Running from = find(attempt);
    if (from == null) {
      return NOTHING;
    }
    List<AttemptCommand> commands = new ArrayList<>(2);
    running.remove(from);
    if (outputTokens > delivered) {
      // it says that it said more than what came: never a whole answer
      Failure failure =
          Failure.of(
              Reason.BACKEND_PROTOCOL_ERROR,
              "backend %s: ended after %d of %d tokens"
                  .formatted(name(from), delivered, outputTokens));
      ended(failure, Again.ELSEWHERE, nowNanos, commands);
      return commands;
    }
    finished = true;
    giveLoanBack();
    cancelAllBut(null, Why.NOT_NEEDED, commands);
    commands.add(new AttemptCommand.FinishComplete(attempt));
    return commands;
  }

  private List<AttemptCommand> failed(int attempt, Failure failure, Again again, long nowNanos) {
    Running from = find(attempt);
    if (from == null) {
      return NOTHING;
    }
    running.remove(from);
    List<AttemptCommand> commands = new ArrayList<>(2);
    ended(failure, again, nowNanos, commands);
    return commands;
  }

  /** What follows when an attempt has ended irregularly and is off the list. */
  private void ended(Failure failure, Again again, long nowNanos, List<AttemptCommand> commands) {
    giveLoanBack();
    if (!running.isEmpty()) {
      // the other one may still do it, and may have been silent for as long
      wake(commands);
      return;
    }
    Failure first = broken;
    Failure telling = first != null ? first : failure;
    boolean may =
        hasDelivered()
            // what a backend says against a continuation is not said against the request
            ? isResumable() && (again == Again.ELSEWHERE || first != null)
            : again == Again.ELSEWHERE && started < MAX_ATTEMPTS;
    if (!may || nowNanos >= terms.deadlineNanos()) {
      search = null;
      fail(telling, commands);
      return;
    }
    broken = telling;
    brokenNanos = nowNanos;
    if (search != null) {
      // somebody is looked for already, now for a better reason
      search = Search.INSTEAD;
    } else if (hasDelivered()) {
      resume(telling, nowNanos, commands);
    } else if (permits.tryTake(nowNanos)) {
      lookFor(Search.INSTEAD, commands);
    } else {
      fail(telling, commands);
    }
  }

  /** Looks for somebody to go on, now or when there is a permit, as long as a stall is borne. */
  private void resume(Failure telling, long nowNanos, List<AttemptCommand> commands) {
    if (permits.tryBorrow(nowNanos)) {
      hasLoan = true;
      lookFor(Search.INSTEAD, commands);
    } else if (nowNanos - brokenNanos >= Patience.MOST_NANOS) {
      fail(telling, commands);
    } else {
      long againNanos = nowNanos + NEXT_PERMIT_NANOS;
      commands.add(new AttemptCommand.WakeAt(Math.min(terms.deadlineNanos(), againNanos)));
    }
  }

  private void giveLoanBack() {
    if (hasLoan) {
      hasLoan = false;
      permits.giveBack();
    }
  }

  private boolean isResumable() {
    return terms.resumption() != Resumption.NEVER
        && resumes < MAX_RESUMES
        && delivered <= MAX_RESUMABLE_TOKENS;
  }

  // ---- from the chooser

  private List<AttemptCommand> chosen(RoutingDecision decision, long nowNanos) {
    Search purpose = search;
    if (finished || purpose == null) {
      return NOTHING;
    }
    search = null;
    if (purpose != Search.INSTEAD && hasDelivered()) {
      return NOTHING; // it spoke meanwhile
    }
    List<AttemptCommand> commands = new ArrayList<>(3);
    Failure waits = broken;
    if (delivered != searchedFrom && waits != null) {
      // it spoke and broke off meanwhile: who can begin an answer may not be able to go on with it
      resume(waits, nowNanos, commands);
      return commands;
    }
    switch (decision) {
      case RoutingDecision.Route(_, Candidate candidate) -> {
        if (purpose != Search.HEDGE) {
          cancelAllBut(null, Why.SLOW, commands);
        }
        if (hasDelivered()) {
          resumes++;
        }
        begin(candidate, nowNanos, commands);
        wake(commands);
      }
      case RoutingDecision.Wait _, RoutingDecision.Refuse _ -> {
        Failure failure = broken;
        if (failure != null) {
          fail(failure, commands);
        } else {
          wake(commands);
        }
      }
    }
    return commands;
  }

  private void begin(Candidate candidate, long nowNanos, List<AttemptCommand> commands) {
    started++;
    running.add(
        new Running(
            started, candidate, Patience.of(candidate.forecast(), terms.budget()), nowNanos));
    commands.add(new AttemptCommand.Start(started, candidate, delivered));
  }

  // ---- from the clock

  /** Silence that the caller asked for was not the backend's. */
  private List<AttemptCommand> ready(long nowNanos) {
    boolean wasHeld = heldNanos != NOT_HELD;
    heldNanos = NOT_HELD;
    for (Running attempt : running) {
      attempt.heardNanos = nowNanos;
    }
    if (!wasHeld || finished || search != null) {
      return NOTHING;
    }
    // the alarm was put off for the caller's sake
    List<AttemptCommand> commands = new ArrayList<>(1);
    Failure waits = broken;
    if (!running.isEmpty()) {
      wake(commands);
    } else if (waits != null) {
      resume(waits, nowNanos, commands);
    }
    return commands;
  }

  private List<AttemptCommand> held(long nowNanos) {
    if (heldNanos == NOT_HELD) {
      heldNanos = nowNanos;
    }
    if (nowNanos - heldNanos >= MOST_HELD_NANOS) {
      return giveUp(
          Failure.of(
              Reason.CLIENT_TOO_SLOW,
              "caller: read nothing for %d s".formatted(MOST_HELD_NANOS / 1_000_000_000)));
    }
    return List.of(
        new AttemptCommand.WakeAt(Math.min(terms.deadlineNanos(), heldNanos + MOST_HELD_NANOS)));
  }

  private List<AttemptCommand> woken(boolean held, long nowNanos) {
    if (finished) {
      return NOTHING;
    }
    if (nowNanos >= terms.deadlineNanos()) {
      return giveUp(
          Failure.of(Reason.DEADLINE_EXPIRED, "deadline: passed before the answer was complete"));
    }
    if (held) {
      return held(nowNanos);
    }
    List<AttemptCommand> commands = new ArrayList<>(3);
    Failure waits = broken;
    if (search == null && !running.isEmpty()) {
      judge(running.getLast(), nowNanos, commands);
    } else if (search == null && waits != null) {
      resume(waits, nowNanos, commands);
    }
    if (finished) {
      return commands;
    }
    if (search != null) {
      // choosing may take its time; first, since the choice may be there at once and asks anew
      wakeNanos = terms.deadlineNanos();
      commands.addFirst(new AttemptCommand.WakeAt(wakeNanos));
    } else if (!running.isEmpty()) {
      wake(commands);
    }
    return commands;
  }

  /** Judges the silence of the attempt that was begun last. */
  private void judge(Running last, long nowNanos, List<AttemptCommand> commands) {
    if (nowNanos >= last.dueNanos()) {
      if (!hasDelivered() && !last.isAlone) {
        last.isAlone = true;
        if (started < MAX_ATTEMPTS && permits.tryTake(nowNanos)) {
          lookFor(Search.FAIL_OVER, commands);
        }
      } else {
        stalled(last, nowNanos, commands);
      }
    } else if (mayHedge(last) && nowNanos >= hedgeDueNanos(last)) {
      hedgeConsidered = true;
      if (permits.tryHedge(nowNanos)) {
        lookFor(Search.HEDGE, commands);
      }
    }
  }

  private boolean mayHedge(Running only) {
    return terms.hedgeNanos() > 0 && started == 1 && !hedgeConsidered && !only.hasSpoken;
  }

  private long hedgeDueNanos(Running only) {
    return only.sentNanos + terms.hedgeNanos();
  }

  private void stalled(Running silent, long nowNanos, List<AttemptCommand> commands) {
    cancelAllBut(null, Why.FAULTY, commands);
    long silentNanos = nowNanos - silent.heardNanos;
    Failure failure =
        Failure.of(
            Reason.BACKEND_STALLED,
            "backend %s: silent for %d ms".formatted(name(silent), silentNanos / 1_000_000));
    ended(failure, Again.ELSEWHERE, nowNanos, commands);
  }

  /** When there is something to judge: of two attempts the one that was begun last is judged. */
  private long nextWakeNanos() {
    if (running.isEmpty()) {
      return terms.deadlineNanos();
    }
    Running last = running.getLast();
    long nanos = Math.min(terms.deadlineNanos(), last.dueNanos());
    return mayHedge(last) ? Math.min(nanos, hedgeDueNanos(last)) : nanos;
  }

  // ---- ends

  private List<AttemptCommand> giveUp(Failure failure) {
    if (finished) {
      return NOTHING;
    }
    List<AttemptCommand> commands = new ArrayList<>(2);
    finished = true;
    search = null;
    giveLoanBack();
    cancelAllBut(null, Why.NOT_NEEDED, commands);
    commands.add(new AttemptCommand.FinishFailed(failure));
    return commands;
  }

  private List<AttemptCommand> evicted() {
    if (finished) {
      return NOTHING;
    }
    List<AttemptCommand> commands = new ArrayList<>(2);
    search = null;
    cancelAllBut(null, Why.NOT_NEEDED, commands);
    fail(
        Failure.of(
            Reason.OVERLOADED, "the gateway is out of memory, and this request held most of it"),
        commands);
    return commands;
  }

  /** Ends the request; an answer that has begun was interrupted, whatever the reason. */
  private void fail(Failure failure, List<AttemptCommand> commands) {
    finished = true;
    giveLoanBack();
    commands.add(
        new AttemptCommand.FinishFailed(
            hasDelivered() ? Failure.of(Reason.STREAM_INTERRUPTED, failure.message()) : failure));
  }

  // ---- helpers

  /** Whether the caller has tokens from here; what it had before does not bind to anybody. */
  private boolean hasDelivered() {
    return delivered > terms.firstIndex();
  }

  private void lookFor(Search purpose, List<AttemptCommand> commands) {
    search = purpose;
    searchedFrom = delivered;
    commands.add(new AttemptCommand.ChooseAnother(delivered));
  }

  private void wake(List<AttemptCommand> commands) {
    wakeNanos = nextWakeNanos();
    commands.add(new AttemptCommand.WakeAt(wakeNanos));
  }

  private void cancelAllBut(@Nullable Running kept, Why why, List<AttemptCommand> commands) {
    for (int i = running.size() - 1; i >= 0; i--) {
      Running attempt = running.get(i);
      if (attempt != kept) {
        cancel(attempt, why, commands);
      }
    }
  }

  private void cancel(Running attempt, Why why, List<AttemptCommand> commands) {
    running.remove(attempt);
    commands.add(new AttemptCommand.Cancel(attempt.number, why));
  }

  private @Nullable Running find(int number) {
    for (int i = 0; i < running.size(); i++) {
      Running attempt = running.get(i);
      if (attempt.number == number) {
        return attempt;
      }
    }
    return null;
  }

  private static String name(Running attempt) {
    return attempt.candidate.deployment().backend();
  }

  @Override
  public String toString() {
    return "AttemptMachine[%d started, %d running, %d resumes, %d tokens delivered%s]"
        .formatted(started, running.size(), resumes, delivered, finished ? ", finished" : "");
  }
}
