package dev.sluice.backends.emulated.model;

import java.util.random.RandomGenerator;

/** Random spread of step lengths around the model's. */
public final class StepNoise {

  /** Least factor: keeps a far outlier of a wide spread from making time stand still. */
  private static final double LEAST_FACTOR = 0.1;

  private final double sigma;
  private final RandomGenerator random;

  private StepNoise(double sigma, RandomGenerator random) {
    this.sigma = sigma;
    this.random = random;
  }

  /** No spread: every step has the model's length. */
  public static StepNoise none() {
    // never asked, since sigma is 0
    return new StepNoise(0, () -> 0);
  }

  /**
   * Normally distributed factors around 1.
   *
   * @param sigma their standard deviation, 0 … 0.5
   */
  public static StepNoise of(double sigma, RandomGenerator random) {
    if (!(sigma >= 0 && sigma <= 0.5)) {
      throw new IllegalArgumentException("sigma: " + sigma + " (expected: 0..0.5)");
    }
    return new StepNoise(sigma, random);
  }

  boolean isNone() {
    return sigma == 0;
  }

  /** The next factor. */
  double next() {
    return isNone() ? 1 : Math.max(LEAST_FACTOR, 1 + sigma * random.nextGaussian());
  }

  @Override
  public String toString() {
    return "StepNoise[" + sigma + "]";
  }
}
