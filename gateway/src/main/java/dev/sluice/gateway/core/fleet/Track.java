package dev.sluice.gateway.core.fleet;

import java.util.Arrays;

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

  /**
   * Half of the bins lie within this ln-ratio of the forecast. Even bins would be 4 % wide, and
   * nothing could be said of an LPU, whose times spread by 1 %.
   */
  private static final double FINE = 0.16;

  private static final int BINS_BELOW = 20;
  private static final int FINE_BINS = 64;
  private static final int BINS_ABOVE = BINS - FINE_BINS - BINS_BELOW;
  private static final double BELOW_PER_UNIT = BINS_BELOW / (-FINE - LEAST);
  private static final double FINE_PER_UNIT = FINE_BINS / (2 * FINE);
  private static final double ABOVE_PER_UNIT = BINS_ABOVE / (MOST - FINE);

  /** Spread of what is not known: profiles are off by a third (science §6). */
  private static final double PRIOR_SIGMA = 0.3;

  private static final float[] PRIOR = normal(PRIOR_SIGMA);

  private static final Track NOTHING_LEARNED = new Track(ones(), PRIOR, 0, Long.MIN_VALUE);

  /**
   * Age at which a measurement says half of what it said. Minutes, because that is how long a
   * deployment stays as it is in the faults we know of. Chosen without measurement.
   */
  private static final double AGE_NANOS = 600e9;

  private final double[] factors;
  private final float[] cumulative;
  private final long samples;
  private final long learnedNanos;
  private final double medianRatio;

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
    this.medianRatio = StrictMath.exp(quantile(0.5, 0));
  }

  /** Nothing learned: factors of 1 and the spread of profiles. */
  public static Track prior() {
    return NOTHING_LEARNED;
  }

  private static double[] ones() {
    double[] factors = new double[COMPONENTS];
    Arrays.fill(factors, 1);
    return factors;
  }

  private static float[] normal(double sigma) {
    float[] cumulative = new float[BINS + 1];
    for (int i = 1; i < BINS; i++) {
      cumulative[i] = (float) Normal.below(at(i) / sigma);
    }
    cumulative[BINS] = 1;
    return cumulative;
  }

  /** The bin that {@code lnRatio} falls into, 0 … {@link #BINS} − 1. */
  public static int bin(double lnRatio) {
    return (int) Math.clamp(place(lnRatio), 0, BINS - 1);
  }

  /** Where {@code lnRatio} lies, in bins from {@link #LEAST}. */
  private static double place(double lnRatio) {
    if (lnRatio < -FINE) {
      return (lnRatio - LEAST) * BELOW_PER_UNIT;
    }
    if (lnRatio > FINE) {
      return BINS - (MOST - lnRatio) * ABOVE_PER_UNIT;
    }
    return BINS_BELOW + (lnRatio + FINE) * FINE_PER_UNIT;
  }

  /** The ln-ratio at {@code place}, in bins from {@link #LEAST}, 0 … {@link #BINS}. */
  public static double at(double place) {
    if (place < BINS_BELOW) {
      return LEAST + place / BELOW_PER_UNIT;
    }
    if (place > BINS - BINS_ABOVE) {
      return MOST - (BINS - place) / ABOVE_PER_UNIT;
    }
    return (place - BINS_BELOW) / FINE_PER_UNIT - FINE;
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

  /**
   * How little the newest measurement says of now, 0 … 1: the part of the prior in what is expected
   * at {@code nowNanos}.
   */
  public double agedShare(long nowNanos) {
    if (samples == 0) {
      return 0;
    }
    double ageNanos = Math.max(0, nowNanos - learnedNanos);
    return ageNanos / (ageNanos + AGE_NANOS);
  }

  /**
   * Probability that ln(measured ÷ forecast) is at most {@code lnRatio}, with so much of the prior.
   */
  public double atMost(double lnRatio, double agedShare) {
    double place = place(lnRatio);
    double fresh = below(cumulative, place);
    return agedShare == 0 ? fresh : fresh + agedShare * (below(PRIOR, place) - fresh);
  }

  private static double below(float[] cumulative, double place) {
    if (!(place > 0)) {
      return 0;
    }
    if (place >= BINS) {
      return 1;
    }
    int bin = (int) place;
    double below = cumulative[bin];
    return below + (place - bin) * (cumulative[bin + 1] - below);
  }

  /**
   * The ln-ratio that measurements stay below with {@code probability}, 0 … 1, with so much of the
   * prior.
   */
  public double quantile(double probability, double agedShare) {
    int low = 0;
    int high = BINS;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (mixed(middle, agedShare) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double below = mixed(low, agedShare);
    double width = mixed(high, agedShare) - below;
    double part = width <= 0 ? 1 : (probability - below) / width;
    return at(low + Math.clamp(part, 0, 1));
  }

  /**
   * Measurements lie as often above as below this multiple of the corrected physics. The factors
   * alone hit their mean logarithm, which is elsewhere where they are skewed: a few that meet the
   * prompts of others are far above the many that do not.
   */
  public double medianRatio() {
    return medianRatio;
  }

  private double mixed(int edge, double agedShare) {
    return cumulative[edge] + agedShare * (PRIOR[edge] - cumulative[edge]);
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
