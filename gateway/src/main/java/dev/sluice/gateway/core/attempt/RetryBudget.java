package dev.sluice.gateway.core.attempt;

/**
 * The budget that all further attempts at requests for one model share, whatever their reason:
 * retries, hedges and resumes. A tenth of the requests of the last ten seconds, and three more
 * (faults §5.4).
 *
 * <p>The three are per window as well, not per instant: attempts that fail at once would otherwise
 * have no bound while everything is down.
 *
 * <p>Not thread-safe.
 */
public final class RetryBudget implements Permits {

  private static final double SHARE = 0.1;
  private static final int RESERVE = 3;
  private static final int SLOTS = 10;
  private static final long SLOT_NANOS = 1_000_000_000L;

  private final long[] requests = new long[SLOTS];
  private final long[] furtherAttempts = new long[SLOTS];

  /** Number of the newest slot, counted from the clock's zero. */
  private long newest = Long.MIN_VALUE;

  /** A request was accepted. */
  public void requested(long nowNanos) {
    requests[slot(nowNanos)]++;
  }

  @Override
  public boolean tryTake(long nowNanos) {
    int slot = slot(nowNanos);
    boolean granted = sum(furtherAttempts) + 1 <= SHARE * sum(requests) + RESERVE;
    if (granted) {
      furtherAttempts[slot]++;
    }
    return granted;
  }

  /** The slot of this instant, with those that were left behind emptied. */
  private int slot(long nowNanos) {
    long number = Math.floorDiv(nowNanos, SLOT_NANOS);
    if (newest == Long.MIN_VALUE) {
      newest = number;
    }
    // a clock read before another thread's may be a little behind
    for (long stale = Math.max(newest + 1, number - SLOTS + 1); stale <= number; stale++) {
      int slot = Math.floorMod(stale, SLOTS);
      requests[slot] = 0;
      furtherAttempts[slot] = 0;
    }
    newest = Math.max(newest, number);
    return Math.floorMod(number, SLOTS);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  @Override
  public String toString() {
    return "RetryBudget["
        + sum(furtherAttempts)
        + " further attempts on "
        + sum(requests)
        + " requests]";
  }
}
