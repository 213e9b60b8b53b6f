package dev.sluice.gateway.core.fleet;

/**
 * Work of late: a sum that forgets with a time constant of ten seconds, long enough to see several
 * prompts on a busy engine, short enough to follow a burst (chosen without measurement).
 *
 * @param nanos the sum as of {@code atNanos}
 * @param atNanos instant of the last addition
 */
public record DecayedWork(double nanos, long atNanos) {

  private static final double TIME_CONSTANT_NANOS = 10e9;

  /** No work. */
  public static final DecayedWork NONE = new DecayedWork(0, Long.MIN_VALUE);

  /** This sum with {@code workNanos} added at {@code nowNanos}. */
  DecayedWork plus(double workNanos, long nowNanos) {
    return new DecayedWork(sumNanos(nowNanos) + workNanos, nowNanos);
  }

  /**
   * Share of the engine's time that the work took up of late, 0 … 1 and more when it was asked for
   * more than it can do.
   */
  public double share(long nowNanos) {
    return sumNanos(nowNanos) / TIME_CONSTANT_NANOS;
  }

  private double sumNanos(long nowNanos) {
    return nanos == 0
        ? 0
        : nanos * StrictMath.exp(-Math.max(0, nowNanos - atNanos) / TIME_CONSTANT_NANOS);
  }
}
