package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Track;

/** How a quantity of the newest forecast is distributed. */
final class Distribution {

  private Track track = Track.prior();
  private double agedShare;
  private double lnCentre;
  private double centreNanos;

  Distribution() {}

  /** Around {@code correctedNanos}, as {@code calibrated} has it. */
  void set(double correctedNanos, Track calibrated, long nowNanos) {
    track = calibrated;
    agedShare = calibrated.agedShare(nowNanos);
    centreNanos = Math.max(correctedNanos, 1);
    lnCentre = Logarithm.of(centreNanos);
  }

  /** What is to be compared with the outcome, which teaches so much. */
  Prediction.Expected expected(double[] parts, double weight) {
    return new Prediction.Expected(parts.clone(), centreNanos, track, weight);
  }

  /** The value it is below as often as above. */
  double medianNanos() {
    return centreNanos * track.medianRatio();
  }

  /** Probability that it is at most {@code budgetNanos}. */
  double within(double budgetNanos) {
    return budgetNanos <= 0 ? 0 : belowLn(Logarithm.of(budgetNanos));
  }

  double belowLn(double lnNanos) {
    return track.atMost(lnNanos - lnCentre, agedShare);
  }

  /**
   * The value that it stays below in nine of ten cases. At least the median: with age, quantiles
   * approach the prior's and the median does not.
   */
  double upperNanos() {
    return Math.max(medianNanos(), quantileNanos(Spread.UPPER));
  }

  /** The value that it stays below with {@code probability}. */
  double quantileNanos(double probability) {
    return centreNanos * StrictMath.exp(track.quantile(probability, agedShare));
  }
}
