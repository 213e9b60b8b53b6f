package dev.sluice.loadtest.report;

/**
 * What the best possible policy would have attained, knowing the future.
 *
 * @param rateScale load that it holds for, in multiples of the trace's own rate
 * @param upper no policy attains more
 * @param lower some policy with hindsight attains this much
 */
public record BoundBracket(double rateScale, double upper, double lower) {
  public BoundBracket {
    if (!(rateScale > 0 && rateScale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rate scale: " + rateScale + " (expected: above 0)");
    }
    if (!(lower >= 0 && lower <= upper && upper <= 1)) {
      throw new IllegalArgumentException(
          "bound: " + lower + " … " + upper + " (expected: 0 ≤ lower ≤ upper ≤ 1)");
    }
  }
}
