package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Track;

/**
 * The distribution that is published: what the residuals say, its upper quantiles held to their
 * coverage.
 *
 * @implNote The histogram alone covers what it should as long as the future resembles the last few
 *     hundred samples. Adaptive conformal inference (Gibbs and Candès 2021) covers it for any
 *     sequence: {@code q ← q + η·(1[r > q] − (1 − α))}. Both together: q is the histogram's
 *     quantile plus an offset that is moved so. The offsets bend the whole distribution above its
 *     median, so that a probability and a quantile never contradict each other.
 */
final class Spread {

  /** Step of the offsets in ln-ratio. A tenth of a usual spread; larger makes quantiles flutter. */
  static final double STEP = 0.01;

  /** Most of an offset either way: it is a safety net, not a second forecast. */
  static final double MOST_OFFSET = 0.5;

  /** Least distance of the bent quantiles, so that the distribution stays a function. */
  private static final double LEAST_DISTANCE = 1e-4;

  /** Beyond this quantile a value is overdue. */
  static final double UPPER = 0.9;

  private static final double UPMOST = 0.99;

  private double upperOffset;
  private double upmostOffset;

  /** Takes in that a value was measured at {@code lnRatio} where {@code said} was known. */
  void measured(double lnRatio, Track said) {
    upperOffset = moved(upperOffset, lnRatio > said.quantile(UPPER, 0), UPPER);
    upmostOffset = moved(upmostOffset, lnRatio > said.quantile(UPMOST, 0), UPMOST);
  }

  /** Takes in that a value is awaited beyond the upper quantile. */
  void overdue() {
    upperOffset = moved(upperOffset, true, UPPER);
  }

  /** Takes in that an overdue value was measured. */
  void overdueMeasured(double lnRatio, Track said) {
    upmostOffset = moved(upmostOffset, lnRatio > said.quantile(UPMOST, 0), UPMOST);
  }

  private static double moved(double offset, boolean missed, double probability) {
    double next = offset + STEP * ((missed ? 1 : 0) - (1 - probability));
    return Math.clamp(next, -MOST_OFFSET, MOST_OFFSET);
  }

  /** The distribution function of {@code raw} at the bins' edges, bent by the offsets. */
  float[] bent(Track raw) {
    double median = raw.quantile(0.5, 0);
    double upper = Math.max(raw.quantile(UPPER, 0), median + LEAST_DISTANCE);
    double upmost = Math.max(raw.quantile(UPMOST, 0), upper + LEAST_DISTANCE);
    double bentUpper = Math.max(upper + upperOffset, median + LEAST_DISTANCE);
    double bentUpmost = Math.max(upmost + upmostOffset, bentUpper + LEAST_DISTANCE);
    float[] bent = new float[Track.BINS + 1];
    for (int edge = 1; edge < Track.BINS; edge++) {
      double at = Track.at(edge);
      double from = at;
      if (at > bentUpmost) {
        from = upmost + (at - bentUpmost);
      } else if (at > bentUpper) {
        from = upper + (at - bentUpper) * (upmost - upper) / (bentUpmost - bentUpper);
      } else if (at > median) {
        from = median + (at - median) * (upper - median) / (bentUpper - median);
      }
      bent[edge] = Math.max(bent[edge - 1], (float) raw.atMost(from, 0));
    }
    bent[Track.BINS] = 1;
    return bent;
  }
}
