package dev.sluice.backends.emulated.server;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.emulated.fault.Misbehaviour;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * What a backend says on its way to a caller who is to be failed: held up, cut, doubled or spoilt.
 *
 * <p>Tokens are parted from each other, so that a fault hits exactly the token it names. Everything
 * happens on the {@link Stage}'s one thread, in the order in which the backend said it.
 */
final class BadAnswer implements TokenSink {

  /** A tag with a wire type that does not exist, and then a number that does not end. */
  private static final byte[] GARBAGE = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

  private final Wire wire;
  private final Stage stage;
  private final Powers powers;
  private final IntUnaryOperator characters;
  private final long arrivalNanos;

  // what is to go wrong
  private final List<Strike> strikes = new ArrayList<>();
  private final Set<Integer> gaps = new HashSet<>();
  private final Set<Integer> duplicates = new HashSet<>();
  private final Set<Integer> garbage = new HashSet<>();
  private double slowFactor = 1;
  private long lateNanos;
  private long dripNanos;
  private int overclaimedTokens;
  private boolean withoutAccount;

  // the stage's thread only
  private final Queue<Act> acts = new ArrayDeque<>();
  private boolean waiting;
  private long lastDueNanos;
  private int queued;
  private int played;
  private boolean over;

  /** What goes beyond one call. */
  interface Powers {

    /** Ends the process without a word. */
    void die();

    /** Says goodbye on every connection. */
    void goAway();
  }

  /** Something that happens once so many tokens are out. */
  private record Strike(int tokens, Runnable deed) {}

  /** Something that waits for its time. */
  private record Act(long dueNanos, Runnable deed) {}

  /**
   * An answer that fails its caller in {@code ways}.
   *
   * @param characters how many characters of text the token of an index has
   */
  BadAnswer(
      List<Misbehaviour> ways, Wire wire, Stage stage, Powers powers, IntUnaryOperator characters) {
    this.wire = wire;
    this.stage = stage;
    this.powers = powers;
    this.characters = characters;
    this.arrivalNanos = stage.nanoTime();
    this.lastDueNanos = arrivalNanos;
    ways.forEach(this::plan);
  }

  private void plan(Misbehaviour way) {
    switch (way) {
      case Misbehaviour.Late late -> lateNanos += late.delay().toNanos();
      case Misbehaviour.Slow slow -> slowFactor *= slow.factor();
      case Misbehaviour.Drip drip -> dripNanos = drip.interval().toNanos();
      case Misbehaviour.StallAfter(int tokens) -> strikes.add(new Strike(tokens, this::stall));
      case Misbehaviour.DieAfter(int tokens) -> strikes.add(new Strike(tokens, this::die));
      case Misbehaviour.FailAfter(int tokens, Status.Code code) ->
          strikes.add(new Strike(tokens, () -> fail(code)));
      case Misbehaviour.CutShort(int tokens) -> {
        strikes.add(new Strike(tokens, this::cut));
        withoutAccount = true;
      }
      case Misbehaviour.Overclaim(int tokens) -> overclaimedTokens += tokens;
      case Misbehaviour.Duplicate(int token) -> duplicates.add(token);
      case Misbehaviour.Gap(int token) -> gaps.add(token);
      case Misbehaviour.Garbage(int token) -> garbage.add(token);
      case Misbehaviour.GoAway(int tokens) -> strikes.add(new Strike(tokens, powers::goAway));
      case Misbehaviour.Refuse _, Misbehaviour.Silent _, Misbehaviour.Flap _ -> {
        // decided when the call came, see Misconduct
      }
    }
  }

  // ---- from the backend

  @Override
  public void tokens(TokenChunk chunk) {
    stage.execute(() -> take(chunk));
  }

  @Override
  public void finished(Completion completion) {
    stage.execute(() -> queue(stretchedNanos(), () -> finish(completion)));
  }

  @Override
  public void failed(BackendFailure failure) {
    stage.execute(() -> queue(stretchedNanos(), () -> wire.end(Refusal.of(failure, played))));
  }

  // ---- on the stage

  private void take(TokenChunk chunk) {
    if (chunk.vectors() != null) {
      queue(nextTokenNanos(), () -> play(chunk, true));
      return;
    }
    String text = chunk.text();
    int start = 0;
    for (int i = 0; i < chunk.count(); i++) {
      int index = chunk.index() + i;
      boolean last = i == chunk.count() - 1;
      // the last token takes what is left: a stop text may have been cut away from it
      int end =
          last ? text.length() : Math.min(text.length(), start + characters.applyAsInt(index));
      TokenChunk token = TokenChunk.ofText(index, 1, text.substring(start, end));
      start = end;
      queue(nextTokenNanos(), () -> play(token, last));
    }
  }

  private long nextTokenNanos() {
    long dueNanos = stretchedNanos();
    if (queued++ == 0) {
      return dueNanos + lateNanos;
    }
    return Math.max(dueNanos, lastDueNanos + dripNanos);
  }

  /** Now, as a slow accelerator would have it. */
  private long stretchedNanos() {
    return arrivalNanos + (long) ((stage.nanoTime() - arrivalNanos) * slowFactor);
  }

  private void queue(long dueNanos, Runnable deed) {
    lastDueNanos = Math.max(lastDueNanos, dueNanos);
    acts.add(new Act(lastDueNanos, deed));
    if (!waiting) {
      perform();
    }
  }

  private void perform() {
    waiting = false;
    for (Act next = acts.peek(); next != null; next = acts.peek()) {
      over |= !wire.isOpen();
      if (!over && next.dueNanos() > stage.nanoTime()) {
        waiting = true;
        stage.at(next.dueNanos(), this::perform);
        return;
      }
      acts.remove();
      if (!over) {
        next.deed().run();
      }
    }
  }

  private void play(TokenChunk token, boolean lastOfChunk) {
    strike();
    if (over) {
      return;
    }
    if (garbage.contains(played)) {
      wire.begin();
      wire.sendRaw(GARBAGE.clone());
    } else if (!gaps.contains(played)) {
      wire.send(token);
      if (duplicates.contains(played)) {
        wire.send(token);
      }
    }
    played++;
    if (lastOfChunk) {
      wire.chunkLeft();
    }
  }

  private void finish(Completion completion) {
    strike();
    if (over) {
      return;
    }
    if (withoutAccount) {
      cut();
      return;
    }
    wire.finish(
        new Completion(
            completion.reason(),
            completion.inputTokens(),
            completion.outputTokens() + overclaimedTokens,
            completion.cachedInputTokens()));
  }

  private void strike() {
    for (Strike strike : strikes) {
      if (!over && strike.tokens() == played) {
        strike.deed().run();
      }
    }
  }

  private void stall() {
    over = true;
    wire.begin();
  }

  private void die() {
    over = true;
    powers.die();
  }

  private void fail(Status.Code code) {
    over = true;
    wire.end(Refusal.told(code, played));
  }

  private void cut() {
    over = true;
    wire.endWithoutAccount();
  }

  @Override
  public String toString() {
    return "BadAnswer[" + played + " tokens" + (over ? ", over" : "") + "]";
  }
}
