package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Track;

/**
 * What a quantity's physics is multiplied by: a factor for each of its components and one for all,
 * {@code ŷ = e^m · Σ e^{G_k} · f_k}, learned from each measured value.
 *
 * @implNote Exponentiated gradient steps on {@code ½·ln²(y/ŷ)}: its gradient by G_k is the
 *     component's share of ŷ, so that a component moves as far as it matters. Factors stay positive
 *     and have no unit, and nothing is inverted, so that components which always come together do
 *     no harm (science §6; a least-squares fit over the same components diverged there).
 */
final class Gains {

  /** Step of a component's gain, times its share (science §6). Larger follows noise. */
  static final double GAIN_RATE = 0.08;

  /** Step of the common factor (science §6). */
  static final double LEVEL_RATE = 0.03;

  /** What a gain keeps at each step, so that one that is never needed returns to 1 (science §6). */
  static final double KEPT = 0.9998;

  /** Most of a gain either way: a factor of 5 (science §6). */
  static final double MOST_GAIN = 1.6;

  /**
   * Most of the common factor either way, a factor of 20: farther off, the profile is not the
   * backend's. Chosen without measurement.
   */
  static final double MOST_LEVEL = 3;

  /** Most of a ln-ratio that a step follows: one outlier must not undo what many taught. */
  static final double MOST_RATIO = 1;

  /** No error is followed farther than {@link #MOST_RATIO}, whatever is usual. */
  static final double ALL = Double.POSITIVE_INFINITY;

  /** How fast the usual error follows, for each value. Twice as fast lets outliers in. */
  static final double USUAL_RATE = 0.05;

  private static final double LEAST_USUAL = 0.01;

  private final double[] gains = new double[Track.COMPONENTS];
  private final double[] factors = new double[Track.COMPONENTS];
  private double level;

  private final double mostOfUsual;

  /** The ln-ratio, up or down, that half of the values are within. */
  private double usual = MOST_RATIO;

  /**
   * Gains of 1.
   *
   * @param mostOfUsual how many times the usual error a step follows at most (Huber's clipping), or
   *     {@link #ALL}
   */
  Gains(double mostOfUsual) {
    this.mostOfUsual = mostOfUsual;
    refresh();
  }

  /** ŷ for these components. */
  double corrected(double[] parts) {
    double sum = 0;
    for (int k = 0; k < factors.length; k++) {
      sum += factors[k] * parts[k];
    }
    return sum;
  }

  /** Takes in that a value's ln(y/ŷ) is {@code lnRatio}: how far off values usually are. */
  void heard(double lnRatio) {
    double next = usual * (1 + (Math.abs(lnRatio) > usual ? USUAL_RATE : -USUAL_RATE));
    usual = Math.clamp(next, LEAST_USUAL, MOST_RATIO);
  }

  /** Moves by {@code lnRatio}, ln(y/ŷ), which is clipped, times {@code weight}. */
  void step(double[] parts, double lnRatio, double weight) {
    double most = Math.min(MOST_RATIO, mostOfUsual * usual);
    double step = weight * Math.clamp(lnRatio, -most, most);
    double corrected = corrected(parts);
    for (int k = 0; k < gains.length; k++) {
      double share = factors[k] * parts[k] / corrected;
      double next = KEPT * (gains[k] + GAIN_RATE * step * share);
      gains[k] = Math.clamp(next, -MOST_GAIN, MOST_GAIN);
    }
    level = Math.clamp(level + LEVEL_RATE * step, -MOST_LEVEL, MOST_LEVEL);
    refresh();
  }

  private void refresh() {
    for (int k = 0; k < gains.length; k++) {
      factors[k] = StrictMath.exp(gains[k] + level);
    }
  }

  /** The factor of each component, the common one included. */
  double[] factors() {
    return factors.clone();
  }
}
