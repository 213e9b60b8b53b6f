package dev.sluice.gateway.core.attempt;

/**
 * The budget of further attempts at requests for one model: a tenth of the requests of the last ten
 * seconds, and three more (faults §5.4).
 *
 * <p>Before the first token that is how many may be made in ten seconds: attempts that fail at once
 * would otherwise have no bound while everything is down. Of continuations it is how many may wait
 * for their first token at once: a backend that dies cuts all its answers at one instant, and there
 * are never more continuations than answers that had begun.
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

  /** Continuations that have no token yet. */
  private int loans;

  /** Number of the newest slot, counted from the clock's zero. */
  private long newest = Long.MIN_VALUE;

  /** A request was accepted. */
  public void requested(long nowNanos) {
    requests[slot(nowNanos)]++;
  }

  @Override
  public boolean tryBorrow(long nowNanos) {
    int _ = slot(nowNanos);
    boolean granted = loans + 1 <= most();
    if (granted) {
      loans++;
    }
    return granted;
  }

  @Override
  public void giveBack() {
    loans--;
  }

  @Override
  public boolean tryTake(long nowNanos) {
    int slot = slot(nowNanos);
    boolean granted = sum(furtherAttempts) + 1 <= most();
    if (granted) {
      furtherAttempts[slot]++;
    }
    return granted;
  }

  private double most() {
    return SHARE * sum(requests) + RESERVE;
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
