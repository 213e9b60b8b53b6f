package dev.sluice.gateway.core.prediction;

/**
 * How long answers of one kind became: a histogram over the logarithm of their tokens that forgets.
 */
final class LengthHistogram {

  /** Bins for each doubling: a bin's ends differ by 19 %. */
  private static final int BINS_PER_DOUBLING = 4;

  /** Doublings told apart: up to a million tokens. */
  private static final int DOUBLINGS = 20;

  /** Equally likely lengths that a distribution is reduced to, for a quick sum over them. */
  static final int POINTS = 12;

  /** Answers after which one counts half. Lengths drift slowly; chosen without measurement. */
  private static final int HALF_LIFE_ANSWERS = 1_000;

  private static final double GROWTH = StrictMath.pow(2, 1.0 / HALF_LIFE_ANSWERS);
  private static final double MOST_WEIGHT = 0x1p64;

  private final double[] weights = new double[BINS_PER_DOUBLING * DOUBLINGS];
  private double nextWeight = 1;
  private double sum;
  private long answers;

  /** Adds an answer of {@code tokens}, at least 1. */
  void add(int tokens) {
    double place = BINS_PER_DOUBLING * StrictMath.log(tokens) / StrictMath.log(2);
    weights[Math.min((int) place, weights.length - 1)] += nextWeight;
    sum += nextWeight;
    answers++;
    nextWeight *= GROWTH;
    if (nextWeight > MOST_WEIGHT) {
      rescale();
    }
  }

  private void rescale() {
    for (int bin = 0; bin < weights.length; bin++) {
      weights[bin] /= MOST_WEIGHT;
    }
    sum /= MOST_WEIGHT;
    nextWeight /= MOST_WEIGHT;
  }

  /** Answers ever added. */
  long answers() {
    return answers;
  }

  /** {@link #POINTS} equally likely lengths in ascending order. */
  double[] points() {
    double[] points = new double[POINTS];
    int bin = 0;
    double below = 0;
    for (int i = 0; i < POINTS; i++) {
      double wanted = (i + 0.5) / POINTS * sum;
      while (bin < weights.length - 1 && below + weights[bin] < wanted) {
        below += weights[bin++];
      }
      double part = weights[bin] > 0 ? Math.clamp((wanted - below) / weights[bin], 0, 1) : 0.5;
      points[i] = StrictMath.pow(2, (bin + part) / BINS_PER_DOUBLING);
    }
    return points;
  }
}
