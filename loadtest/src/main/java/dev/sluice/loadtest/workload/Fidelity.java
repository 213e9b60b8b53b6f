package dev.sluice.loadtest.workload;

import java.util.Locale;

/**
 * How much of a trace's structure a scaling has kept.
 *
 * @param factor wanted ratio of rates
 * @param original shape of the trace as it is, a coarse clock repaired
 * @param scaled shape of what was handed out
 */
public record Fidelity(double factor, TraceProfile original, TraceProfile scaled) {
  /**
   * Requests handed out over requests wanted, less 1: 0 is exact. Both shapes cover the same time,
   * so that this is the error of the rate.
   */
  public double rateError() {
    double wanted = factor * original.rows();
    return wanted == 0 ? 0 : scaled.rows() / wanted - 1;
  }

  /**
   * Variation of the gaps over that of the original: 1 is as bursty. Thinning and overlaying a
   * bursty trace both bring it nearer to Poisson; that is in the nature of both.
   */
  public double gapVariationRatio() {
    return original.gapVariation() == 0 ? 1 : scaled.gapVariation() / original.gapVariation();
  }

  /**
   * Share of the follow-up turns that still have the turn before them, over that share in the
   * original: 1 when conversations stay whole.
   */
  public double followUpsKept() {
    double before = original.wholeShare();
    return before == 0 ? 1 : scaled.wholeShare() / before;
  }

  /** All three in one line. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "scaled by %.3g: %.2f req/s (%+.1f %%), CV of gaps %.2f (was %.2f), %.1f %% of follow-up"
            + " turns have the turn before",
        factor,
        scaled.meanRate(),
        100 * rateError(),
        scaled.gapVariation(),
        original.gapVariation(),
        100 * followUpsKept());
  }
}
