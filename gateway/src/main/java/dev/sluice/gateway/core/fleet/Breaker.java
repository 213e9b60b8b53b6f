package dev.sluice.gateway.core.fleet;

import dev.sluice.gateway.core.request.Hash;

/**
 * Keeps requests away from a deployment that fails, and lets it back carefully (faults §5.5).
 *
 * <p>Closed, it lets everything through. It opens after five failures in a row, or when most of the
 * last seconds went wrong, for a second, twice as long each further time, up to a minute. Then it
 * lets one request at a time through; the second that completes closes it, a failure opens it
 * again. After closing the deployment gets a tenth of its share at first and all of it ten seconds
 * later.
 *
 * @param failuresInARow since the last attempt that completed
 * @param tally the last seconds
 * @param openings how often it opened without a quiet minute between
 * @param openUntilNanos when it lets a first request through again; {@link #CLOSED} when it is
 *     closed
 * @param probes attempts under way that try whether it can be closed, and those that could
 * @param closedNanos when it closed last; {@link #CLOSED} if it never opened
 */
public record Breaker(
    int failuresInARow,
    Tally tally,
    int openings,
    long openUntilNanos,
    Probes probes,
    long closedNanos) {

  private static final long CLOSED = Long.MIN_VALUE;
  private static final long SECOND = 1_000_000_000L;
  private static final int MOST_IN_A_ROW = 5;
  private static final int LEAST_PASSED = 2;
  private static final long FIRST_NANOS = SECOND;
  private static final long MOST_NANOS = 60 * SECOND;
  private static final int MOST_DOUBLINGS = 6;
  private static final long SLOW_START_NANOS = 10 * SECOND;
  private static final double FIRST_SHARE = 0.1;

  /** A breaker that has seen nothing. */
  static final Breaker FRESH = new Breaker(0, Tally.NOTHING, 0, CLOSED, Probes.NONE, CLOSED);

  /** Attempts let through half open: under way, and completed. */
  record Probes(int running, int passed) {
    static final Probes NONE = new Probes(0, 0);
  }

  /** Whether it keeps requests away, or did until it was last asked to let one through. */
  public boolean isOpen() {
    return openUntilNanos != CLOSED;
  }

  /** Whether a request may go there now, but for the slow start. */
  public boolean allows(long nowNanos) {
    return !isOpen() || (nowNanos >= openUntilNanos && probes.running() == 0);
  }

  /** The share of its requests that the deployment gets while it starts slowly, up to 1. */
  public double share(long nowNanos) {
    if (closedNanos == CLOSED || nowNanos - closedNanos >= SLOW_START_NANOS) {
      return 1;
    }
    double way = Math.max(0, nowNanos - closedNanos) / (double) SLOW_START_NANOS;
    return FIRST_SHARE + (1 - FIRST_SHARE) * way;
  }

  Breaker dispatched() {
    return isOpen() ? with(new Probes(probes.running() + 1, probes.passed())) : this;
  }

  /** An attempt ended, well or not. */
  Breaker ended() {
    return isOpen() && probes.running() > 0
        ? with(new Probes(probes.running() - 1, probes.passed()))
        : this;
  }

  Breaker completed(long nowNanos) {
    Tally more = tally.plusGood(nowNanos);
    if (!isOpen()) {
      return new Breaker(0, more, openings, CLOSED, Probes.NONE, closedNanos);
    }
    return probes.passed() + 1 >= LEAST_PASSED
        ? new Breaker(0, Tally.NOTHING, openings, CLOSED, Probes.NONE, nowNanos)
        : new Breaker(
            0,
            more,
            openings,
            openUntilNanos,
            new Probes(probes.running(), probes.passed() + 1),
            closedNanos);
  }

  /**
   * An attempt failed by the deployment's fault.
   *
   * @param mayOpen whether enough others are left
   * @param salt makes the jitter of deployments that fail together differ
   */
  Breaker failed(long nowNanos, boolean mayOpen, int salt) {
    Breaker more =
        new Breaker(
            failuresInARow + 1,
            tally.plusBad(nowNanos),
            openings,
            openUntilNanos,
            probes,
            closedNanos);
    boolean ill = more.isOpen() || more.failuresInARow >= MOST_IN_A_ROW || more.tally.isIll();
    return ill && mayOpen ? more.opened(nowNanos, salt) : more;
  }

  /** An attempt was left since it was too slow. */
  Breaker slow(long nowNanos, boolean mayOpen, int salt) {
    Breaker more =
        new Breaker(
            failuresInARow,
            tally.plusSlow(nowNanos),
            openings,
            openUntilNanos,
            probes,
            closedNanos);
    return (more.isOpen() || more.tally.isIll()) && mayOpen ? more.opened(nowNanos, salt) : more;
  }

  private Breaker opened(long nowNanos, int salt) {
    boolean quiet = closedNanos != CLOSED && nowNanos - closedNanos > MOST_NANOS;
    int times = (quiet ? 0 : openings) + 1;
    long nanos = Math.min(MOST_NANOS, FIRST_NANOS << Math.min(MOST_DOUBLINGS, times - 1));
    // equal jitter: half of it is fixed, half is chance
    double chance = (Hash.mix(31L * salt + times) >>> 11) / (double) (1L << 53);
    long untilNanos = nowNanos + nanos / 2 + (long) (nanos / 2.0 * chance);
    return new Breaker(0, Tally.NOTHING, times, untilNanos, Probes.NONE, closedNanos);
  }

  private Breaker with(Probes next) {
    return new Breaker(failuresInARow, tally, openings, openUntilNanos, next, closedNanos);
  }
}
