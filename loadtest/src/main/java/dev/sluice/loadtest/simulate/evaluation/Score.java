package dev.sluice.loadtest.simulate.evaluation;

import java.util.Arrays;

/**
 * How good a forecaster was at one quantity, over many requests: error of the median, pinball loss
 * and coverage of the quantiles, and how true the probabilities were.
 */
final class Score {

  /** Bins of the reliability diagram. */
  static final int BINS = 10;

  private double[] errors = new double[64];
  private int requests;
  private double pinballHalf;
  private double pinballUpper;
  private double pinballUpmost;
  private long belowUpper;
  private long belowUpmost;

  private double squares;
  private final long[] asked = new long[BINS];
  private final double[] promised = new double[BINS];
  private final long[] kept = new long[BINS];

  /** Takes in what was said of a value. */
  void add(Quantity quantity, Said said, double nanos) {
    if (requests == errors.length) {
      errors = Arrays.copyOf(errors, 2 * requests);
    }
    errors[requests++] = Math.abs(said.medianNanos() - nanos) / nanos;
    pinballHalf += pinball(0.5, said.medianNanos(), nanos);
    pinballUpper += pinball(0.9, said.upperNanos(), nanos);
    pinballUpmost += pinball(0.99, said.upmostNanos(), nanos);
    belowUpper += nanos <= said.upperNanos() ? 1 : 0;
    belowUpmost += nanos <= said.upmostNanos() ? 1 : 0;
    for (int i = 0; i < quantity.budgets(); i++) {
      add(said.odds()[i], nanos <= quantity.budgetNanos(i));
    }
  }

  /** Takes in that {@code odds} were given to what then happened or not. */
  void add(double odds, boolean happened) {
    if (!(odds >= 0 && odds <= 1)) {
      throw new IllegalArgumentException("odds: " + odds + " (expected: 0 … 1)");
    }
    squares += (odds - (happened ? 1 : 0)) * (odds - (happened ? 1 : 0));
    int bin = Math.min((int) (odds * BINS), BINS - 1);
    asked[bin]++;
    promised[bin] += odds;
    kept[bin] += happened ? 1 : 0;
  }

  private static double pinball(double probability, double saidNanos, double nanos) {
    double missing = nanos - saidNanos;
    return missing >= 0 ? probability * missing : (probability - 1) * missing;
  }

  /** Requests taken in. */
  int requests() {
    return requests;
  }

  /** Half of all medians were off by at most this part of the value. */
  double medianError() {
    double[] sorted = Arrays.copyOf(errors, requests);
    Arrays.sort(sorted);
    return requests == 0 ? Double.NaN : sorted[requests / 2];
  }

  /** Mean pinball loss in seconds of the median, the 0.9 and the 0.99 quantile. */
  double[] pinballSeconds() {
    return new double[] {
      pinballHalf / requests / 1e9, pinballUpper / requests / 1e9, pinballUpmost / requests / 1e9
    };
  }

  /** Part of the values that stayed below the 0.9 quantile. */
  double upperCoverage() {
    return belowUpper / (double) requests;
  }

  /** Part of the values that stayed below the 0.99 quantile. */
  double upmostCoverage() {
    return belowUpmost / (double) requests;
  }

  /** Mean squared difference of probability and outcome. */
  double brier() {
    return squares / Arrays.stream(asked).sum();
  }

  /** The same for whoever knows only how often it happens in all. */
  double brierOfTheRate() {
    double rate = Arrays.stream(kept).sum() / (double) Arrays.stream(asked).sum();
    return rate * (1 - rate);
  }

  /** Expected calibration error: mean distance of what was promised and what was kept. */
  double calibrationError() {
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += Math.abs(promised[bin] - kept[bin]);
    }
    return sum / Arrays.stream(asked).sum();
  }

  /** Probabilities asked for that fall into {@code bin}. */
  long asked(int bin) {
    return asked[bin];
  }

  /** Their mean. */
  double promised(int bin) {
    return promised[bin] / asked[bin];
  }

  /** How often it happened then. */
  double kept(int bin) {
    return kept[bin] / (double) asked[bin];
  }
}
