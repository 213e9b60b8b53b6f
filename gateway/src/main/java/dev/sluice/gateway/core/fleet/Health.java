package dev.sluice.gateway.core.fleet;

/**
 * Whether a deployment should be asked, by what we saw of it.
 *
 * @param reachable whether a request could be sent
 * @param breaker what its failures say
 * @param restsUntilNanos instant until which it asked to be left alone
 * @param drained whether an operator wants it to get no new work
 */
public record Health(boolean reachable, Breaker breaker, long restsUntilNanos, boolean drained) {

  /** Reachable, and never failed. */
  static final Health GOOD = new Health(true, Breaker.FRESH, Long.MIN_VALUE, false);

  /** Longest rest that is granted: a slip would lose the deployment for good otherwise. */
  private static final long MOST_REST_NANOS = 60_000_000_000L;

  Health with(boolean nowReachable) {
    return new Health(nowReachable, breaker, restsUntilNanos, drained);
  }

  Health with(Breaker next) {
    return new Health(reachable, next, restsUntilNanos, drained);
  }

  Health restingFor(long nanos, long nowNanos) {
    long untilNanos = nowNanos + Math.min(nanos, MOST_REST_NANOS);
    return new Health(reachable, breaker, Math.max(restsUntilNanos, untilNanos), drained);
  }

  Health drained(boolean nowDrained) {
    return new Health(reachable, breaker, restsUntilNanos, nowDrained);
  }

  /** Whether it asked to be left alone. */
  public boolean rests(long nowNanos) {
    return nowNanos < restsUntilNanos;
  }
}
