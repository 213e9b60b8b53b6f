package dev.sluice.loadtest.live;

import dev.sluice.loadtest.report.TokenTally;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Check of one answer's tokens: indexes must come as 0 … n−1, once and in order. Cheap while they
 * do; what is missing is only kept once a gap has been seen.
 */
final class TokenLedger {
  /** An index beyond this is no gap but a broken message; also bounds the memory for gaps. */
  static final int MAX_INDEX = 50_000_000;

  private int messages;
  private int received;
  private int next;
  private int repeated;
  private int reordered;
  private @Nullable BitSet missing;

  /** Takes note of a run of tokens. */
  void take(int index, int count) {
    messages++;
    received += count;
    if (index == next) {
      next += count;
      return;
    }
    takeOutOfTurn(index, count);
  }

  private void takeOutOfTurn(int index, int count) {
    if (missing == null) {
      missing = new BitSet();
    }
    if (index > next) {
      missing.set(next, index);
      next = index + count;
      return;
    }
    int known = Math.min(index + count, next);
    for (int i = index; i < known; i++) {
      if (missing.get(i)) {
        missing.clear(i);
        reordered++;
      } else {
        repeated++;
      }
    }
    next = Math.max(next, index + count);
  }

  int received() {
    return received;
  }

  /**
   * The tally of the whole answer.
   *
   * @param announced tokens that the account counts; 0: it does not say
   */
  TokenTally tally(int announced) {
    int lost = (missing == null ? 0 : missing.cardinality()) + Math.max(0, announced - next);
    return new TokenTally(messages, received, lost, repeated, reordered);
  }
}
