package dev.sluice.gateway.core.policy;

/**
 * How many requests of a kind may wait, so that nearly all who do are served: more after each wait
 * that paid off, fewer after one in vain. Mutable.
 *
 * <p>While nearly all who waited were served, waiting bridges a burst, and the line grows as it is
 * used. Otherwise there is too little for all, and a wait only delays a refusal: one at a time may
 * try, and after each that tried in vain nobody for long. So late refusals stay below one in a
 * hundred where many are refused.
 */
final class Waits {

  private static final double NANOS_PER_SECOND = 1e9;

  /** How long waits are remembered: many of a short budget, but a lull is seen. */
  private static final double MEMORY_NANOS = 20e9;

  /** Odds of a wait from which on the line may grow. */
  private static final double GOOD_ODDS = 0.9;

  /** Requests a second that the line is thought to serve at first. */
  private static final double FIRST_PER_SECOND = 1;

  /** Of those who can wait for so long nobody knows at first how many will be served. */
  private static final long LONG_NANOS = 60_000_000_000L;

  /**
   * What is left of the line's length after a wait in vain amid many that were not. At a half, six
   * of a hundred batch jobs more were refused on Azure conversation at 5×.
   */
  private static final double KEPT = 0.8;

  /** Refusals at once for one try: with fewer, more than one refusal of a hundred came late. */
  private static final int REFUSALS_PER_TRY = 400;

  /** Somebody may try after so long though fewer were refused. */
  private static final long TRY_NANOS = 60_000_000_000L;

  /**
   * The same where hardly anybody is refused any more: the rush is over. With the minute alone, one
   * of a hundred relaxed requests more were refused after a surge (scenario {@code surge}).
   */
  private static final long QUIET_TRY_NANOS = 5_000_000_000L;

  /** Refusals of the last {@link #QUIET_TRY_NANOS} up to which it is quiet. */
  private static final double QUIET_REFUSALS = 12;

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
        || (sinceNanos >= QUIET_TRY_NANOS && refusedOfLate(nowNanos) <= QUIET_REFUSALS);
  }

  private double refusedOfLate(long nowNanos) {
    return refusedOfLate * kept(nowNanos - refusedNanos, QUIET_TRY_NANOS);
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
    if (isUsed && areGood()) {
      most++;
    }
  }

  /**
   * Somebody was refused after a wait. Those who entered before the line was last shortened tell
   * nothing about its length now.
   *
   * @param waiting those who still wait
   */
  void inVain(int waiting, long enteredNanos, long nowNanos) {
    fade(nowNanos);
    inVain++;
    if (enteredNanos >= shortenedNanos) {
      double length = most == Double.POSITIVE_INFINITY ? waiting + 1 : most;
      most = areGood() ? Math.max(1, KEPT * length) : 0;
      shortenedNanos = nowNanos;
      refused = 0;
    }
  }

  private boolean areGood() {
    return served >= GOOD_ODDS * (served + inVain);
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
