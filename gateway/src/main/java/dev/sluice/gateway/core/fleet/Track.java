package dev.sluice.gateway.core.fleet;

/**
 * One forecast quantity as learned: a factor for each component of its physics, and the
 * distribution of ln(measured ÷ forecast) after that correction.
 *
 * <p>Immutable and made for reading: a probability costs one interpolation in a table.
 */
public final class Track {

  /** Most components that a quantity's physics has. */
  public static final int COMPONENTS = 7;

  /** Bins of the distribution, over ln-ratios from {@link #LEAST} to {@link #MOST} (science §6). */
  public static final int BINS = 128;

  /** Least ln-ratio that is told apart. */
  public static final double LEAST = -2;

  /** Greatest ln-ratio that is told apart. */
  public static final double MOST = 3;

  private static final double BINS_PER_UNIT = BINS / (MOST - LEAST);

  private final double[] factors;
  private final float[] cumulative;
  private final long samples;
  private final long learnedNanos;

  /**
   * A track that is ready to read.
   *
   * @param factors one for each component; not copied
   * @param cumulative {@link #BINS} + 1 values from 0 to 1 that do not fall; not copied
   * @param samples measurements it rests on
   * @param learnedNanos instant of the newest of them
   */
  public Track(double[] factors, float[] cumulative, long samples, long learnedNanos) {
    if (factors.length != COMPONENTS || cumulative.length != BINS + 1) {
      throw new IllegalArgumentException(
          "factors, cumulative: %d, %d (expected: %d, %d)"
              .formatted(factors.length, cumulative.length, COMPONENTS, BINS + 1));
    }
    this.factors = factors;
    this.cumulative = cumulative;
    this.samples = samples;
    this.learnedNanos = learnedNanos;
  }

  /** Nothing learned: factors of 1 and a log-normal spread of {@code sigma}. */
  public static Track prior(double sigma) {
    double[] factors = new double[COMPONENTS];
    java.util.Arrays.fill(factors, 1);
    float[] cumulative = new float[BINS + 1];
    for (int i = 0; i <= BINS; i++) {
      cumulative[i] = (float) Normal.below((LEAST + i / BINS_PER_UNIT) / sigma);
    }
    cumulative[0] = 0;
    cumulative[BINS] = 1;
    return new Track(factors, cumulative, 0, Long.MIN_VALUE);
  }

  /** The bin that {@code lnRatio} falls into, 0 … {@link #BINS} − 1. */
  public static int bin(double lnRatio) {
    return (int) Math.clamp((lnRatio - LEAST) * BINS_PER_UNIT, 0, BINS - 1);
  }

  /** The ln-ratio at the lower edge of {@code bin}, 0 … {@link #BINS}. */
  public static double edge(int bin) {
    return LEAST + bin / BINS_PER_UNIT;
  }

  /** The distribution function at the lower edge of {@code bin}, 0 … {@link #BINS}. */
  public double cumulative(int bin) {
    return cumulative[bin];
  }

  /** This track with other factors, learned from so many samples by {@code nowNanos}. */
  public Track with(double[] otherFactors, long allSamples, long nowNanos) {
    return new Track(otherFactors, cumulative, allSamples, nowNanos);
  }

  /** This track with another distribution; see the constructor. */
  public Track with(float[] otherCumulative) {
    return new Track(factors, otherCumulative, samples, learnedNanos);
  }

  /** Factor of component {@code k}. */
  public double factor(int k) {
    return factors[k];
  }

  /** Probability that ln(measured ÷ forecast) is at most {@code lnRatio}. */
  public double atMost(double lnRatio) {
    double place = (lnRatio - LEAST) * BINS_PER_UNIT;
    if (!(place > 0)) {
      return 0;
    }
    if (place >= BINS) {
      return 1;
    }
    int bin = (int) place;
    float below = cumulative[bin];
    return below + (place - bin) * (cumulative[bin + 1] - below);
  }

  /** The ln-ratio that measurements stay below with {@code probability}, 0 … 1. */
  public double quantile(double probability) {
    int low = 0;
    int high = BINS;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double width = cumulative[high] - (double) cumulative[low];
    double part = width <= 0 ? 1 : (probability - cumulative[low]) / width;
    return LEAST + (low + Math.max(0, Math.min(1, part))) / BINS_PER_UNIT;
  }

  /** Measurements it rests on. */
  public long samples() {
    return samples;
  }

  /** Instant of the newest measurement; {@link Long#MIN_VALUE} when there is none. */
  public long learnedNanos() {
    return learnedNanos;
  }

  @Override
  public String toString() {
    return "Track[" + samples + " samples]";
  }
}
