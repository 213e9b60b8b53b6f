package dev.sluice.loadtest.report;

/**
 * Which run in virtual time: two runs of the same trace and with the same seed and rate replay the
 * same requests.
 *
 * @param policy name of the policy that routed
 * @param seed of every draw
 * @param rateScale load in multiples of the trace's own rate
 */
public record PolicyRun(String policy, long seed, double rateScale) {
  public PolicyRun {
    if (policy.isBlank()) {
      throw new IllegalArgumentException("policy: \"" + policy + "\" (expected: a name)");
    }
    if (!(rateScale > 0 && rateScale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rate scale: " + rateScale + " (expected: above 0)");
    }
  }

  @Override
  public String toString() {
    return policy + " at " + Figures.scale(rateScale) + " with seed " + seed;
  }
}
