package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Resumption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One caller: asks, reads, holds every token against the oracle, and keeps his own account. */
final class Caller {

  private final World world;
  private final long id;
  private final Wish wish;
  private long[] tokens = new long[8];
  private int received;

  /** Tokens that came after he had left. */
  private int afterLeaving;

  /** What he has been told so far. */
  private Text said;

  /** What he must be told from here on. */
  private Text expected;

  private boolean left;
  private @Nullable Ending ending;

  /** How it ended for the caller. */
  enum Ending {
    COMPLETE,
    FAILED,
    REFUSED
  }

  Caller(World world, long id, Wish wish) {
    this.world = world;
    this.id = id;
    this.wish = wish;
    said = wish.answer();
    expected = said;
    for (int i = 0; i < wish.begunTokens(); i++) {
      take(said.token(i));
    }
  }

  long id() {
    return id;
  }

  Wish wish() {
    return wish;
  }

  /** Tokens that he has, those from elsewhere included. */
  int received() {
    return received;
  }

  int afterLeaving() {
    return afterLeaving;
  }

  boolean hasLeft() {
    return left;
  }

  /** How it ended as he was told; null while he was told nothing. */
  @Nullable Ending ending() {
    return ending;
  }

  /** The answer goes on elsewhere from token {@code fromIndex}. */
  void resumed(int fromIndex, boolean exact, long salt) {
    Resumption takes = wish.patience().resumption();
    if (takes == Resumption.NEVER || (takes == Resumption.EXACT && !exact)) {
      throw broken("was given a continuation that he does not take");
    }
    if (!left && fromIndex != received) {
      throw broken("has " + received + " tokens and is told of a seam at " + fromIndex);
    }
    expected = exact ? said : said.inOtherWords(fromIndex, salt);
  }

  void tokens(Chunk chunk) {
    if (ending != null) {
      throw broken("gets tokens after the end");
    }
    if (left) {
      afterLeaving += chunk.count();
      return;
    }
    world.trace().note(Trace.Step.DELIVERED, id, 0, chunk.index(), chunk.count());
    if (chunk.index() != received) {
      throw broken("gets token %d (expected: %d)".formatted(chunk.index(), received));
    }
    for (int i = 0; i < chunk.count(); i++) {
      take(chunk.token(i));
    }
    said = expected;
    world.tally().count(Tally.Count.TOKENS_CHECKED, chunk.count());
    if (wish.leaving().afterTokens() > 0 && received >= wish.leaving().afterTokens()) {
      leave();
    }
  }

  private void take(long token) {
    if (token != expected.token(received)) {
      throw broken("gets another token " + received + " than the oracle's");
    }
    if (received == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * received);
    }
    tokens[received++] = token;
  }

  void complete(int told) {
    end(Ending.COMPLETE);
    world.trace().note(Trace.Step.COMPLETE, id, 0, told, 0);
    if (left) {
      return;
    }
    if (told != received) {
      throw broken("is told of %d tokens and has %d".formatted(told, received));
    }
    if (received != expected.tokens()) {
      throw broken(
          "is shown %d of %d tokens as a whole answer".formatted(received, expected.tokens()));
    }
    for (int i = 0; i < received; i++) {
      if (tokens[i] != expected.token(i)) {
        throw broken("holds another token " + i + " than the oracle's");
      }
    }
  }

  /** His answer will not become complete. */
  void failed(Reason reason, int told) {
    end(Ending.FAILED);
    world.trace().note(Trace.Step.FAILED, id, 0, told, reason);
    if (left) {
      return;
    }
    if (told != received) {
      throw broken("is told that %d tokens came and has %d".formatted(told, received));
    }
    boolean hasBegun = received > wish.begunTokens();
    if (hasBegun && reason != Reason.STREAM_INTERRUPTED && reason != Reason.DEADLINE_EXPIRED) {
      throw broken("has part of an answer and hears " + reason);
    }
    if (!hasBegun && reason == Reason.STREAM_INTERRUPTED) {
      throw broken("has nothing and hears that the answer was interrupted");
    }
    if (reason == Reason.STREAM_INTERRUPTED) {
      world.tally().happened(Sometimes.INTERRUPTED);
    }
    if (reason == Reason.CALLER_CANCELLED) {
      throw broken("is still there and hears that he has left");
    }
  }

  /** He was turned away before anybody was asked. */
  void refused(Reason reason) {
    end(Ending.REFUSED);
    world.trace().note(Trace.Step.FAILED, id, 0, 0, reason);
    if (received > wish.begunTokens()) {
      throw broken("has " + received + " tokens and is refused");
    }
  }

  private void end(Ending how) {
    if (ending != null) {
      throw broken("is told twice how it ended: " + ending + ", " + how);
    }
    ending = how;
  }

  /** Goes away, unless it is over. */
  void leave() {
    if (ending == null && !left) {
      left = true;
      world.trace().note(Trace.Step.LEFT, id, 0, received, 0);
      world
          .tally()
          .happened(
              received == wish.begunTokens()
                  ? Sometimes.LEFT_BEFORE_THE_FIRST_TOKEN
                  : Sometimes.LEFT_MID_STREAM);
      world.gateway().callerLeft(this);
    }
  }

  private BrokenPromise broken(String what) {
    return new BrokenPromise("the caller of request " + id + " " + what);
  }

  @Override
  public String toString() {
    return "Caller[" + id + ", " + received + " tokens" + (left ? ", left" : "") + "]";
  }
}
