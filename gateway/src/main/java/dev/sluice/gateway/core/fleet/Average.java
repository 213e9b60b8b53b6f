package dev.sluice.gateway.core.fleet;

/**
 * A mean that forgets: a sample weighs as much as the time since the one before it, against ten
 * seconds.
 *
 * @param value the mean; 0 while there was no sample
 * @param atNanos instant of the newest sample
 */
record Average(double value, long atNanos) {

  /** No sample yet. */
  static final Average NONE = new Average(0, Long.MIN_VALUE);

  /** Time constant: Finagle's default for peak EWMA (science §1.2). */
  private static final double TIME_CONSTANT_NANOS = 10e9;

  /** Least weight of a sample: two at one instant would otherwise teach nothing. */
  private static final double LEAST_WEIGHT = 0.01;

  /** This mean with {@code sample}. */
  Average with(double sample, long nowNanos) {
    if (atNanos == Long.MIN_VALUE) {
      return new Average(sample, nowNanos);
    }
    double weight = Math.max(1 - kept(nowNanos), LEAST_WEIGHT);
    return new Average(value + weight * (sample - value), Math.max(atNanos, nowNanos));
  }

  /** The same, except that a sample above the mean replaces it. */
  Average withPeak(double sample, long nowNanos) {
    return sample > faded(nowNanos)
        ? new Average(sample, Math.max(atNanos, nowNanos))
        : with(sample, nowNanos);
  }

  /** The mean as if samples of 0 had come since the newest. */
  double faded(long nowNanos) {
    return value == 0 ? 0 : value * kept(nowNanos);
  }

  private double kept(long nowNanos) {
    return StrictMath.exp(-Math.max(0, nowNanos - atNanos) / TIME_CONSTANT_NANOS);
  }
}
