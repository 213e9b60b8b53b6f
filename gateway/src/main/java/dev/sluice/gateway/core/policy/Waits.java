package dev.sluice.gateway.core.policy;

/**
 * Whether waiting paid off of late, for requests of a kind: counts that forget of who was served
 * after a wait and who was not. Mutable.
 */
final class Waits {

  /** Long enough to have seen several waits of a short budget, short enough that a lull is seen. */
  private static final double MEMORY_NANOS = 10e9;

  /**
   * Odds below which a wait is taken to be in vain: whoever is refused at once can still go
   * elsewhere. At nine tenths up to three points were lost on Azure conversation at 5×, as whoever
   * might have waited with success was refused.
   */
  private static final double LEAST_ODDS = 0.5;

  /** Fewer waits say nothing. */
  private static final double LEAST_WAITS = 3;

  /** After so long somebody may wait again, to see whether times are better. */
  private static final long PROBE_NANOS = 5_000_000_000L;

  private double served;
  private double inVain;
  private long atNanos = Long.MIN_VALUE;
  private long probedNanos = Long.MIN_VALUE;

  void ended(boolean wasServed, long nowNanos) {
    fade(nowNanos);
    served += wasServed ? 1 : 0;
    inVain += wasServed ? 0 : 1;
  }

  /** Whether who asks now should not wait; now and then somebody may all the same. */
  boolean areInVain(long nowNanos) {
    fade(nowNanos);
    if (served + inVain < LEAST_WAITS || served >= LEAST_ODDS * (served + inVain)) {
      return false;
    }
    if (probedNanos == Long.MIN_VALUE || nowNanos - probedNanos >= PROBE_NANOS) {
      probedNanos = nowNanos;
      return false;
    }
    return true;
  }

  private void fade(long nowNanos) {
    if (atNanos != Long.MIN_VALUE) {
      double kept = StrictMath.exp(-Math.max(0, nowNanos - atNanos) / MEMORY_NANOS);
      served *= kept;
      inVain *= kept;
    }
    atNanos = Math.max(atNanos, nowNanos);
  }

  @Override
  public String toString() {
    return "Waits[%.1f served, %.1f in vain]".formatted(served, inVain);
  }
}
