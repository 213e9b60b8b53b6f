package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.fleet.Continuation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scripted backend: says the oracle's tokens at its pace, and does what backends should not do,
 * by chance at each token and at set times.
 */
final class FakeBackend {

  private static final int MOST_SKIPPED = 3;

  /** Share of continuations that a backend does not take. */
  private static final double CONTINUATION_REJECTED = 0.05;

  private static final long PUSHBACK_NANOS = 150_000_000;

  /** Share of answers whose end comes later than their last token. */
  private static final double LATE_END = 0.3;

  private static final int MOST_TOKENS_AT_ONCE = 4;

  private final World world;
  private final Script script;
  private final Host host;
  private final Wire wire;
  private final Draw draw;

  /** All that were ever asked of it and not turned away. */
  private final List<FakeStream> all = new ArrayList<>();

  private final List<FakeStream> running = new ArrayList<>();
  private final Deque<FakeStream> waiting = new ArrayDeque<>();

  private long connectedSinceNanos;
  private long downUntilNanos;
  private long refusingUntilNanos;
  private long drainingUntilNanos;
  private long slowUntilNanos;
  private double slowness = 1;
  private long lyingUntilNanos;

  FakeBackend(World world, Script script, Host gateway) {
    this.world = world;
    this.script = script;
    host = new Host(world.agenda());
    wire = new Wire(world.agenda(), gateway, host, script.latencyNanos());
    draw = new Draw(world.plan().seed(), Plan.FIRST_BACKEND + script.index());
  }

  int index() {
    return script.index();
  }

  Wire wire() {
    return wire;
  }

  List<FakeStream> streams() {
    return all;
  }

  private long nowNanos() {
    return world.agenda().nowNanos();
  }

  private boolean isDown() {
    return nowNanos() < downUntilNanos;
  }

  /** Whether a probe would find it. */
  boolean answersProbes() {
    return !isDown() && nowNanos() >= refusingUntilNanos && !host.isPaused() && !wire.isCut();
  }

  boolean isLying() {
    return nowNanos() < lyingUntilNanos;
  }

  int streamsRunning() {
    return running.size();
  }

  int streamsWaiting() {
    return waiting.size();
  }

  /** How long it asks to be left alone when it has all it can hold; 0: it says nothing. */
  long retryAfterNanos() {
    return world.isStormy() && script.index() % 2 == 0 ? PUSHBACK_NANOS : 0;
  }

  /** Since when it has been able to do what it is told. */
  long soundSinceNanos() {
    return Math.max(wire.clearSinceNanos(), host.pauseEndNanos());
  }

  // ---- from the gateway

  void ask(Ask ask) {
    if (ask.attempt().sentNanos() < connectedSinceNanos) {
      return; // it was on its way when the connection broke
    }
    Ending turnedAway = turnedAway(ask);
    if (turnedAway != null) {
      note(Trace.Step.TURNED_AWAY, ask.attempt(), turnedAway);
      reply(ask.attempt(), turnedAway);
      return;
    }
    check(ask);
    FakeStream stream = new FakeStream(ask, text(ask));
    note(Trace.Step.TAKEN, ask.attempt(), ask.fromIndex());
    all.add(stream);
    if (running.size() < script.places()) {
      begin(stream);
    } else {
      waiting.add(stream);
    }
  }

  private @Nullable Ending turnedAway(Ask ask) {
    if (isDown() || nowNanos() < refusingUntilNanos) {
      return Ending.NEVER_SENT;
    }
    if (ask.wrong()) {
      world.tally().happened(Sometimes.REQUEST_REJECTED);
      return Ending.INVALID;
    }
    if (nowNanos() < drainingUntilNanos) {
      return Ending.OVERLOADED;
    }
    if (running.size() >= script.places() && waiting.size() >= script.room()) {
      world.tally().happened(Sometimes.BACKEND_FULL);
      return Ending.OVERLOADED;
    }
    if (ask.fromIndex() > 0 && world.isStormy() && draw.chance(CONTINUATION_REJECTED)) {
      world.tally().happened(Sometimes.CONTINUATION_REJECTED);
      return Ending.INVALID;
    }
    return null;
  }

  /** What the gateway passes on of an answer must be what the caller has. */
  private void check(Ask ask) {
    Ask.Said said = ask.said();
    if (ask.fromIndex() > 0 && continuation() == Continuation.NONE) {
      throw new BrokenPromise(ask.attempt() + " wants a continuation of " + script.name());
    }
    if (said.tokens() != ask.fromIndex()) {
      throw new BrokenPromise(
          "%s wants token %d and brings %d"
              .formatted(ask.attempt(), ask.fromIndex(), said.tokens()));
    }
    if (said.hash() != said.text().beginning(said.tokens())) {
      throw new BrokenPromise(ask.attempt() + " brings another beginning than the caller has");
    }
  }

  private Text text(Ask ask) {
    Ask.Said said = ask.said();
    return ask.fromIndex() > 0 && continuation() != Continuation.EXACT
        ? said.text().inOtherWords(said.tokens(), ask.attempt().salt())
        : said.text();
  }

  private Continuation continuation() {
    return script.deployment().continuation();
  }

  void cancel(Attempt attempt) {
    for (FakeStream stream : all) {
      if (stream.attempt() == attempt) {
        end(stream);
      }
    }
  }

  // ---- streams

  private void begin(FakeStream stream) {
    stream.begun = true;
    running.add(stream);
    later(stream, script.firstTokenNanos());
  }

  private void later(FakeStream stream, long nanos) {
    double factor = nowNanos() < slowUntilNanos ? slowness : 1;
    host.at(nowNanos() + (long) (nanos * factor * draw.uniform(0.8, 1.2)), () -> step(stream));
  }

  private void end(FakeStream stream) {
    if (stream.over) {
      return;
    }
    stream.over = true;
    waiting.remove(stream);
    if (running.remove(stream)) {
      FakeStream next = waiting.poll();
      if (next != null) {
        begin(next);
      }
    }
  }

  private void step(FakeStream stream) {
    if (stream.over) {
      return;
    }
    Odds.Fault fault = world.isStormy() ? world.plan().odds().next(draw) : Odds.Fault.NONE;
    if (fault != Odds.Fault.NONE) {
      note(Trace.Step.FAULT, stream.attempt(), fault);
    }
    switch (fault) {
      case NONE -> goOn(stream);
      case KILL -> die(draw.logarithmicNanos(100e6, 3e9));
      case RESET -> breakOff(stream, Ending.BROKE, Sometimes.RESET);
      case GARBAGE -> breakOff(stream, Ending.GARBAGE, Sometimes.GARBAGE);
      case STALL -> stall(stream);
      case DUPLICATE -> repeat(stream);
      case SKIP -> skip(stream);
      case CUT_SHORT -> cutShort(stream);
    }
  }

  private void goOn(FakeStream stream) {
    if (stream.left() == 0) {
      finish(stream);
      return;
    }
    int count =
        Math.min(stream.left(), draw.chance(0.9) ? 1 : draw.between(1, MOST_TOKENS_AT_ONCE));
    Chunk chunk = new Chunk(stream.text, stream.at, stream.index, count);
    stream.at += count;
    stream.index += count;
    say(stream, chunk);
    if (stream.left() == 0 && !(world.isStormy() && draw.chance(LATE_END))) {
      finish(stream);
    } else {
      later(stream, script.perTokenNanos());
    }
  }

  private void say(FakeStream stream, Chunk chunk) {
    note(Trace.Step.SAID, stream.attempt(), chunk.index());
    stream.last = chunk;
    stream.sentTokens += chunk.count();
    world.tally().count(Tally.Count.TOKENS_SENT, chunk.count());
    wire.toGateway(
        new Wire.Message() {
          @Override
          public void arrived() {
            stream.attempt().serving().tokens(stream.attempt(), chunk);
          }

          @Override
          public void lost() {
            stream.lostTokens += chunk.count();
          }
        });
  }

  private void finish(FakeStream stream) {
    note(Trace.Step.BACKEND_DONE, stream.attempt(), stream.index);
    account(stream, stream.index);
    if (world.isStormy() && draw.chance(world.plan().odds().duplicate())) {
      world.tally().happened(Sometimes.ENDED_TWICE);
      repeatLast(stream);
      account(stream, stream.index);
      reply(stream.attempt(), Ending.BROKE);
    }
    end(stream);
  }

  private void account(FakeStream stream, int tokens) {
    wire.toGateway(() -> stream.attempt().serving().finished(stream.attempt(), tokens));
  }

  private void reply(Attempt attempt, Ending how) {
    wire.toGateway(() -> attempt.serving().failed(attempt, how));
  }

  // ---- what goes wrong with one stream

  private void breakOff(FakeStream stream, Ending how, Sometimes what) {
    world.tally().happened(what);
    countBreak(stream);
    reply(stream.attempt(), how);
    end(stream);
  }

  private void countBreak(FakeStream stream) {
    if (stream.sentTokens > 0) {
      world.tally().count(Tally.Count.BREAKS_MID_STREAM, 1);
    }
  }

  /** Silent for good in half of the cases: then the place is taken until somebody cancels. */
  private void stall(FakeStream stream) {
    world.tally().happened(Sometimes.STALLED);
    if (draw.chance(0.5)) {
      later(stream, draw.logarithmicNanos(500e6, 10e9));
    }
  }

  private void repeat(FakeStream stream) {
    if (stream.last != null) {
      world.tally().happened(Sometimes.DUPLICATED);
      repeatLast(stream);
    }
    goOn(stream);
  }

  private void repeatLast(FakeStream stream) {
    Chunk last = stream.last;
    if (last != null) {
      say(stream, last);
    }
  }

  private void skip(FakeStream stream) {
    int skipped = Math.min(stream.left() - 1, draw.between(1, MOST_SKIPPED));
    if (skipped > 0) {
      world.tally().happened(Sometimes.SKIPPED);
      stream.at += skipped;
      stream.index += skipped;
    }
    goOn(stream);
  }

  private void cutShort(FakeStream stream) {
    if (stream.left() == 0) {
      goOn(stream);
    } else if (draw.chance(0.5)) {
      world.tally().happened(Sometimes.CUT_SHORT);
      countBreak(stream);
      account(stream, stream.text.tokens());
      end(stream);
    } else {
      breakOff(stream, Ending.GARBAGE, Sometimes.ENDED_WITHOUT_ACCOUNT);
    }
  }

  // ---- what goes wrong with all of it

  /** Its process dies and comes back after {@code nanos}. */
  void die(long nanos) {
    world.trace().note(Trace.Step.KILL, 0, 0, index(), nanos / 1_000_000);
    downUntilNanos = Math.max(downUntilNanos, Math.min(nowNanos() + nanos, quietNanos()));
    for (FakeStream stream : takeAll()) {
      killed(stream);
    }
    host.wake();
  }

  /** All streams, which are over now. */
  private List<FakeStream> takeAll() {
    List<FakeStream> taken = new ArrayList<>(running);
    taken.addAll(waiting);
    running.clear();
    waiting.clear();
    for (FakeStream stream : taken) {
      stream.over = true;
    }
    return taken;
  }

  private void killed(FakeStream stream) {
    countBreak(stream);
    if (stream.sentTokens > 0) {
      world.tally().happened(Sometimes.KILLED_MID_STREAM);
      world.tally().count(Tally.Count.KILLS_MID_STREAM, 1);
    } else {
      world
          .tally()
          .happened(
              stream.ask.fromIndex() > 0
                  ? Sometimes.KILLED_WHILE_RESUMING
                  : Sometimes.KILLED_BEFORE_THE_FIRST_TOKEN);
    }
    reply(stream.attempt(), Ending.BROKE);
  }

  void freezeUntil(long nanos) {
    host.pauseUntil(nanos);
  }

  /** Loses all that is under way until {@code nanos}; then both sides find out. */
  void cutUntil(long nanos) {
    wire.cutUntil(nanos);
    world.agenda().at(nanos, this::reconnected);
  }

  private void reconnected() {
    if (wire.isCut()) {
      return;
    }
    takeAll().forEach(this::countBreak);
    connectedSinceNanos = nowNanos();
    world.gateway().connectionBroke(index());
  }

  void refuseUntil(long nanos) {
    refusingUntilNanos = Math.max(refusingUntilNanos, nanos);
  }

  void drainUntil(long nanos) {
    drainingUntilNanos = Math.max(drainingUntilNanos, nanos);
  }

  void slowUntil(long nanos) {
    slowUntilNanos = Math.max(slowUntilNanos, nanos);
    slowness = draw.logarithmic(2, 30);
  }

  void lieUntil(long nanos) {
    lyingUntilNanos = Math.max(lyingUntilNanos, nanos);
  }

  private long quietNanos() {
    return world.plan().quietNanos();
  }

  private void note(Trace.Step step, Attempt attempt, long detail) {
    world.trace().note(step, attempt.serving().caller().id(), attempt.number(), index(), detail);
  }

  private void note(Trace.Step step, Attempt attempt, Enum<?> detail) {
    world.trace().note(step, attempt.serving().caller().id(), attempt.number(), index(), detail);
  }

  @Override
  public String toString() {
    return "FakeBackend[%s, %d running, %d waiting]"
        .formatted(script.name(), running.size(), waiting.size());
  }
}
