package dev.sluice.gateway.core.policy;

/**
 * How many requests of a kind may wait: more after each wait that paid off, fewer after one in
 * vain. Mutable.
 *
 * <p>While most who waited were served, waiting bridges a burst, and the line grows as it is used.
 * Otherwise there is too little for all, and a wait only delays a refusal: one at a time may try,
 * and after each that tried in vain nobody for long. Where many are refused, nearly all who wait
 * must be served; so fewer than one refusal in a hundred comes late then.
 */
final class Waits {

  private static final double NANOS_PER_SECOND = 1e9;

  /** How long waits are remembered: many of a short budget, but a lull is seen. */
  private static final double MEMORY_NANOS = 20e9;

  /** Odds of a wait that are good where many are refused. */
  private static final double GOOD_ODDS = 0.9;

  /**
   * The same where hardly anybody is refused at once, and a late refusal is no worse than an early
   * one. With the higher odds, relaxed requests at 1.2 times what the fleet can do (scenario {@code
   * overload}) attained 56 in place of 82 %.
   */
  private static final double QUIET_ODDS = 0.5;

  /** Refusals at once of the last {@link #QUIET_NANOS} up to which it is quiet. */
  private static final double QUIET_REFUSALS = 12;

  private static final long QUIET_NANOS = 5_000_000_000L;

  /** Requests a second that the line is thought to serve at first. */
  private static final double FIRST_PER_SECOND = 1;

  /**
   * Of those who can wait for so long nobody knows how many will be served, and while the odds are
   * good their line has no end. With one, three of a hundred batch jobs more were refused on Azure
   * conversation at 5×.
   */
  private static final long LONG_NANOS = 60_000_000_000L;

  /** What is left of the line's length after a wait in vain amid many that were not. */
  private static final double KEPT = 0.8;

  /** Refusals at once for one try: with fewer, more than one refusal of a hundred came late. */
  private static final int REFUSALS_PER_TRY = 400;

  /** Somebody may try after so long though fewer were refused. */
  private static final long TRY_NANOS = 60_000_000_000L;

  /** The same where it is quiet: the rush is over. */
  private static final long QUIET_TRY_NANOS = 5_000_000_000L;

  private double served;
  private double inVain;
  private long fadedNanos;

  /** Those who may wait at once; 0: nobody, until it is time for a try; below: nobody asked yet. */
  private double most = -1;

  private long shortenedNanos;

  /** Those refused at once since then. */
  private int refused;

  private double refusedOfLate;
  private long refusedNanos;

  /**
   * Whether one more may wait.
   *
   * @param waiting those who wait already
   * @param spareNanos how long it can wait
   */
  boolean mayWait(int waiting, long spareNanos, long nowNanos) {
    if (most < 0) {
      most = first(spareNanos);
      fadedNanos = nowNanos;
      shortenedNanos = nowNanos;
      refusedNanos = nowNanos;
    } else if (most == 0 && isTimeForTry(nowNanos)) {
      most = 1;
    }
    boolean may = waiting + 1 <= most;
    if (!may) {
      refusedOfLate = 1 + refusedOfLate(nowNanos);
      refusedNanos = Math.max(refusedNanos, nowNanos);
      refused++;
    }
    return may;
  }

  private boolean isTimeForTry(long nowNanos) {
    long sinceNanos = nowNanos - shortenedNanos;
    return refused >= REFUSALS_PER_TRY
        || sinceNanos >= TRY_NANOS
        || (sinceNanos >= QUIET_TRY_NANOS && isQuiet(nowNanos));
  }

  private boolean isQuiet(long nowNanos) {
    return refusedOfLate(nowNanos) <= QUIET_REFUSALS;
  }

  private double refusedOfLate(long nowNanos) {
    return refusedOfLate * kept(nowNanos - refusedNanos, QUIET_NANOS);
  }

  private static double first(long spareNanos) {
    return spareNanos >= LONG_NANOS
        ? Double.POSITIVE_INFINITY
        : Math.max(1, FIRST_PER_SECOND * spareNanos / NANOS_PER_SECOND);
  }

  /** Somebody was served after a wait; {@code waiting} still wait. */
  void served(int waiting, long nowNanos) {
    fade(nowNanos);
    served++;
    boolean isUsed = 2 * (waiting + 1) >= most;
    if (isUsed && areGood(nowNanos)) {
      most++;
    }
  }

  /**
   * Somebody was refused after a wait. Those who entered before the line was last shortened tell
   * nothing about its length now.
   */
  void inVain(long enteredNanos, long nowNanos) {
    fade(nowNanos);
    inVain++;
    if (enteredNanos >= shortenedNanos) {
      most = areGood(nowNanos) ? Math.max(1, KEPT * most) : 0;
      shortenedNanos = nowNanos;
      refused = 0;
    }
  }

  private boolean areGood(long nowNanos) {
    double odds = isQuiet(nowNanos) ? QUIET_ODDS : GOOD_ODDS;
    return served >= odds * (served + inVain);
  }

  private void fade(long nowNanos) {
    double kept = kept(nowNanos - fadedNanos, MEMORY_NANOS);
    served *= kept;
    inVain *= kept;
    fadedNanos = Math.max(fadedNanos, nowNanos);
  }

  private static double kept(long passedNanos, double memoryNanos) {
    return StrictMath.exp(-Math.max(0, passedNanos) / memoryNanos);
  }

  @Override
  public String toString() {
    return "Waits[at most %.1f, %.1f served, %.1f in vain]".formatted(most, served, inVain);
  }
}
