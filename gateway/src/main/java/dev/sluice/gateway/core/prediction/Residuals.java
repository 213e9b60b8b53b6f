package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Track;

/**
 * How measured values spread around their forecasts: a histogram of ln(measured ÷ forecast) that
 * forgets.
 *
 * @implNote Instead of shrinking what is there, each sample weighs a little more than the one
 *     before, {@code 2^(1/300)}, so that adding one touches one bin. A sample is known by its
 *     number, from which its weight follows; it can be moved to another bin when more is known.
 */
final class Residuals {

  /** Samples after which one counts half (science §6): shorter forgets tails, longer drags on. */
  static final int HALF_LIFE_SAMPLES = 300;

  /** Weight of the prior at the start, in samples (science §6). */
  static final int PRIOR_SAMPLES = 20;

  /** Half-lives after which all weights are scaled down, long before they overflow. */
  private static final int RESCALE_HALF_LIVES = 64;

  private static final double RESCALE = 0x1p-64;

  private final double[] weights = new double[Track.BINS];
  private long samples;
  private long baseSample;

  /** Residuals of which nothing is known but {@code prior}. */
  Residuals(Track prior) {
    for (int bin = 0; bin < weights.length; bin++) {
      weights[bin] = PRIOR_SAMPLES * (prior.cumulative(bin + 1) - prior.cumulative(bin));
    }
  }

  /** Adds a sample and returns its number. */
  long add(int bin) {
    if (samples - baseSample >= (long) RESCALE_HALF_LIVES * HALF_LIFE_SAMPLES) {
      rescale();
    }
    weights[bin] += weight(samples);
    return samples++;
  }

  /** Moves the sample with this number to another bin. */
  void move(long sample, int from, int to) {
    double weight = Math.min(weight(sample), weights[from]);
    weights[from] -= weight;
    weights[to] += weight;
  }

  private double weight(long sample) {
    return StrictMath.pow(2, (sample - baseSample) / (double) HALF_LIFE_SAMPLES);
  }

  private void rescale() {
    baseSample += (long) RESCALE_HALF_LIVES * HALF_LIFE_SAMPLES;
    for (int bin = 0; bin < weights.length; bin++) {
      weights[bin] *= RESCALE;
    }
  }

  /** Samples ever added. */
  long samples() {
    return samples;
  }

  /** The distribution function at the bins' edges. */
  float[] cumulative() {
    double all = 0;
    for (double weight : weights) {
      all += weight;
    }
    float[] cumulative = new float[Track.BINS + 1];
    double sum = 0;
    for (int bin = 0; bin < weights.length; bin++) {
      sum += weights[bin];
      cumulative[bin + 1] = (float) (sum / all);
    }
    return cumulative;
  }
}
