package dev.sluice.gateway.core.fleet;

/**
 * How attempts on a deployment ended of late: the last five to ten seconds, in two halves of which
 * the older is forgotten as a whole.
 *
 * @param startNanos when the newer half began
 * @param newer the half that is being counted
 * @param older the half before
 */
record Tally(long startNanos, Counts newer, Counts older) {

  static final Tally NOTHING = new Tally(Long.MIN_VALUE, Counts.NONE, Counts.NONE);

  private static final long HALF_NANOS = 5_000_000_000L;

  /** Fewer say nothing (faults §5.5). */
  private static final int LEAST_SAMPLES = 20;

  private static final double LEAST_GOOD = 0.5;
  private static final double MOST_SLOW = 0.8;

  /** Attempts that completed, that failed, and that were left since they were too slow. */
  record Counts(int good, int bad, int slow) {
    static final Counts NONE = new Counts(0, 0, 0);

    private Counts plus(Counts other) {
      return new Counts(good + other.good, bad + other.bad, slow + other.slow);
    }
  }

  Tally plusGood(long nowNanos) {
    return plus(new Counts(1, 0, 0), nowNanos);
  }

  Tally plusBad(long nowNanos) {
    return plus(new Counts(0, 1, 0), nowNanos);
  }

  Tally plusSlow(long nowNanos) {
    return plus(new Counts(0, 0, 1), nowNanos);
  }

  private Tally plus(Counts one, long nowNanos) {
    Tally now = at(nowNanos);
    return new Tally(now.startNanos, now.newer.plus(one), now.older);
  }

  private Tally at(long nowNanos) {
    if (startNanos == Long.MIN_VALUE || nowNanos - startNanos >= 2 * HALF_NANOS) {
      return new Tally(nowNanos, Counts.NONE, Counts.NONE);
    }
    return nowNanos - startNanos >= HALF_NANOS
        ? new Tally(startNanos + HALF_NANOS, Counts.NONE, newer)
        : this;
  }

  /** Whether most of it went wrong. */
  boolean isIll() {
    Counts all = newer.plus(older);
    int samples = all.good() + all.bad() + all.slow();
    return samples >= LEAST_SAMPLES
        && (all.good() + all.slow() < LEAST_GOOD * samples || all.slow() >= MOST_SLOW * samples);
  }
}
