package dev.sluice.loadtest.simulate.evaluation;

/**
 * What a forecaster said of one quantity of one request, before its outcome was known.
 *
 * @param medianNanos the middle
 * @param upperNanos what nine in ten stay below
 * @param upmostNanos what ninety-nine in a hundred stay below
 * @param odds probability of staying within each of the quantity's budgets
 */
@SuppressWarnings("ArrayRecordComponent") // tens of thousands of them, compared by nobody
record Said(double medianNanos, double upperNanos, double upmostNanos, double[] odds) {

  /** A distribution as a forecaster knows it. */
  interface Law {

    /** Probability that the quantity is at most {@code nanos}. */
    double within(double nanos);

    /** The value it is below as often as above. */
    double medianNanos();

    /** The value that it stays below with {@code probability}. */
    double quantileNanos(double probability);
  }

  /** What {@code law} says of {@code quantity}. */
  static Said of(Quantity quantity, Law law) {
    double[] odds = new double[quantity.budgets()];
    for (int i = 0; i < odds.length; i++) {
      odds[i] = law.within(quantity.budgetNanos(i));
    }
    return new Said(law.medianNanos(), law.quantileNanos(0.9), law.quantileNanos(0.99), odds);
  }
}
