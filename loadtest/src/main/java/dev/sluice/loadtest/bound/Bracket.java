package dev.sluice.loadtest.bound;

/**
 * The optimum between two bounds.
 *
 * @param totalValue value of all requests
 * @param certificate proof that no schedule attains more
 * @param lower a schedule that attains this much
 * @param seconds how long the search for both took
 */
public record Bracket(
    double totalValue, Certificate certificate, LowerBound lower, double seconds) {

  /** Most value that any schedule attains. */
  public double upperValue() {
    return certificate.upperValue();
  }

  /** Value that a known schedule attains. */
  public double lowerValue() {
    return lower.attainment().value();
  }

  /** {@link #upperValue} as a share of the value of all requests. */
  public double upperRatio() {
    return certificate.upperRatio();
  }

  /** {@link #lowerValue} as a share of the value of all requests. */
  public double lowerRatio() {
    return lowerValue() / totalValue;
  }

  /**
   * At least this share of the optimum is {@code attainedValue}; the true share may be higher, by
   * as much as the bracket is wide.
   */
  public double leastShareOfOptimum(double attainedValue) {
    return certificate.leastShareOfOptimum(attainedValue);
  }
}
