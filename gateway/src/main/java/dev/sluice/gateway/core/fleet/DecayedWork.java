package dev.sluice.gateway.core.fleet;

/**
 * Work of late: a sum that forgets.
 *
 * @param nanos the sum as of {@code atNanos}
 * @param atNanos instant of the last addition
 * @param memoryNanos how long it remembers: the time constant of forgetting
 */
public record DecayedWork(double nanos, long atNanos, double memoryNanos) {

  /**
   * No work, remembered for ten seconds: long enough to see several prompts on a busy engine, short
   * enough to follow a burst. Chosen without measurement.
   */
  static final DecayedWork NONE = none(10e9);

  /**
   * No work, remembered for 40 seconds: what a forecast of the next answer goes by. Of 5, 10, 20,
   * 40 and 80 seconds, each forecast the time per token better than the one before on the
   * conversation trace; longer is slow to see that traffic has changed.
   */
  static final DecayedWork NONE_FOR_LONG = none(40e9);

  private static DecayedWork none(double memoryNanos) {
    return new DecayedWork(0, Long.MIN_VALUE, memoryNanos);
  }

  /** This sum with {@code workNanos} added at {@code nowNanos}. */
  DecayedWork plus(double workNanos, long nowNanos) {
    return new DecayedWork(sumNanos(nowNanos) + workNanos, nowNanos, memoryNanos);
  }

  /**
   * Share of the engine's time that the work took up of late, 0 … 1 and more when it was asked for
   * more than it can do.
   */
  public double share(long nowNanos) {
    return sumNanos(nowNanos) / memoryNanos;
  }

  private double sumNanos(long nowNanos) {
    return nanos == 0 ? 0 : nanos * StrictMath.exp(-Math.max(0, nowNanos - atNanos) / memoryNanos);
  }
}
