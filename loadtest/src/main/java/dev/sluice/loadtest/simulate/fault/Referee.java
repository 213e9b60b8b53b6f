package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.prediction.Forecast;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds the run to its promises (faults §3.0), each round and at the end, from the books of
 * callers, gateway and backends alone: it knows nothing of the machine's rules.
 */
final class Referee {

  /** A stream that nobody wants may go on for so long. */
  static final long ORPHAN_NANOS = 1_000_000_000;

  /** Silence between tokens that is borne, whatever was forecast. */
  private static final long SILENT_NANOS = 5_000_000_000L;

  /** Silence before the first token that is borne, whatever was forecast. */
  private static final long MUTE_NANOS = 10_000_000_000L;

  /** For rounds and timers that do not meet. */
  private static final long SLACK_NANOS = 2 * Shell.ROUND_NANOS;

  private final World world;
  private final List<Caller> callers;

  Referee(World world, List<Caller> callers) {
    this.world = world;
    this.callers = callers;
  }

  private long nowNanos() {
    return world.agenda().nowNanos();
  }

  // ---- each round

  /** What must hold at any time. */
  void look() {
    for (Serving serving : gateway().open()) {
      check(serving);
    }
    for (FakeBackend backend : world.backends()) {
      if (backend.streamsRunning() > 0) {
        check(backend);
      }
    }
    GatewayBooks books = gateway().books();
    equal("requests", books.received, books.ended() + gateway().open().size());
    equal(
        "attempts",
        books.attemptsStarted,
        books.attemptsWon + books.attemptsFailed + books.attemptsCancelled + running());
    equal(
        "tokens received",
        books.tokensReceived,
        books.tokensDelivered + books.discardedLate + books.discardedDuplicate);
    if (books.furtherAttempts > books.permits) {
      throw new BrokenPromise(
          books.furtherAttempts + " further attempts with " + books.permits + " permits");
    }
  }

  private long running() {
    long running = 0;
    for (Serving serving : gateway().open()) {
      running += serving.running().size();
    }
    return running;
  }

  private void check(Serving serving) {
    long awakeNanos = gateway().host().pauseEndNanos();
    if (late(serving.request().deadlineNanos(), awakeNanos)) {
      throw new BrokenPromise(serving + " goes on after its deadline");
    }
    for (Attempt attempt : serving.running()) {
      if (late(attempt.heardNanos + borneNanos(attempt), awakeNanos)) {
        throw new BrokenPromise(attempt + " is silent for too long and not given up");
      }
    }
  }

  /** Whether what was due at {@code dueNanos} should have been done by now. */
  private boolean late(long dueNanos, long awakeNanos) {
    return nowNanos() > Math.max(dueNanos, awakeNanos) + ponderNanos() + SLACK_NANOS;
  }

  private long ponderNanos() {
    return world.plan().habits().ponderNanos();
  }

  private static long borneNanos(Attempt attempt) {
    Forecast forecast = attempt.candidate().forecast();
    return attempt.delivered > 0
        ? Math.max(SILENT_NANOS, (long) (2 * forecast.perTokenNanos()))
        : Math.max(MUTE_NANOS, (long) (4 * forecast.firstTokenNanos()));
  }

  private void check(FakeBackend backend) {
    for (FakeStream stream : backend.streams()) {
      long sinceNanos = Math.max(stream.attempt().closedNanos, backend.soundSinceNanos());
      if (!stream.over
          && stream.attempt().closedNanos < nowNanos()
          && nowNanos() - sinceNanos > ORPHAN_NANOS) {
        throw new BrokenPromise(stream.attempt() + " was given up and runs on at its backend");
      }
    }
  }

  // ---- at the end

  /** What must hold when everything is over. */
  void settled() {
    if (!gateway().open().isEmpty() || gateway().waiting() > 0) {
      throw new BrokenPromise("requests without an end: " + gateway().open());
    }
    for (FakeBackend backend : world.backends()) {
      if (backend.streamsRunning() > 0 || backend.streamsWaiting() > 0) {
        throw new BrokenPromise("streams without an end: " + backend);
      }
      Load load = gateway().snapshot().get(backend.index()).load();
      if (load.inFlight() > 0 || load.prefillTokens() > 0 || load.kvTokens() > 0) {
        throw new BrokenPromise("load without an end on " + backend + ": " + load);
      }
    }
    if (gateway().loans() > 0) {
      throw new BrokenPromise(gateway().loans() + " permits are lent and not given back");
    }
    if (!world.agenda().isEmpty()) {
      throw new BrokenPromise("things without an end: " + world.agenda());
    }
    look();
  }

  /** The three books must agree to the unit. */
  void balance() {
    GatewayBooks books = gateway().books();
    equal("requests of callers", callers.size(), books.received);
    for (Caller caller : callers) {
      balance(caller);
    }
    long sent = 0;
    long lost = 0;
    for (FakeBackend backend : world.backends()) {
      for (FakeStream stream : backend.streams()) {
        equal(
            "tokens sent by " + stream.attempt(),
            stream.sentTokens,
            stream.attempt().received + (long) stream.lostTokens);
        sent += stream.sentTokens;
        lost += stream.lostTokens;
      }
    }
    equal("tokens sent", sent, books.tokensReceived + lost);
    count(books);
  }

  private void balance(Caller caller) {
    Serving serving = gateway().of(caller);
    Caller.Ending ending = caller.ending();
    if (ending == null) {
      throw new BrokenPromise("request " + caller.id() + " ends without a word to its caller");
    }
    equal(
        "tokens of request " + caller.id(),
        serving == null ? caller.wish().begunTokens() : serving.saidTokens(),
        caller.received() + (long) caller.afterLeaving());
    equal(
        "tokens of the attempts of request " + caller.id(),
        serving == null ? 0 : serving.deliveredTokens(),
        delivered(serving));
  }

  private static long delivered(@Nullable Serving serving) {
    long delivered = 0;
    if (serving != null) {
      for (Attempt attempt : serving.attempts()) {
        delivered += attempt.delivered;
      }
    }
    return delivered;
  }

  private void count(GatewayBooks books) {
    long complete = 0;
    for (Caller caller : callers) {
      complete += caller.ending() == Caller.Ending.COMPLETE ? 1 : 0;
    }
    equal("complete answers", complete, books.completed);
    equal("attempts that won", books.completed, books.attemptsWon);
    Tally tally = world.tally();
    tally.count(Tally.Count.COMPLETED, books.completed);
    tally.count(Tally.Count.REJECTED, books.rejected);
    tally.count(Tally.Count.FAILED, books.failed);
    tally.count(Tally.Count.CANCELLED, books.cancelled);
    tally.count(Tally.Count.ATTEMPTS, books.attemptsStarted);
  }

  private Shell gateway() {
    return world.gateway();
  }

  private static void equal(String what, long first, long second) {
    if (first != second) {
      throw new BrokenPromise("the books differ: %s: %d and %d".formatted(what, first, second));
    }
  }
}
