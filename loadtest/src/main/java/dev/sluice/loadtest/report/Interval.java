package dev.sluice.loadtest.report;

/** A range that holds a true value with the stated confidence. */
public record Interval(double low, double high) {
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "interval: " + low + " … " + high + " (expected: low ≤ high)");
    }
  }

  /** The range this far to both sides of a value. */
  public static Interval around(double value, double halfWidth) {
    return new Interval(value - halfWidth, value + halfWidth);
  }

  /** Whether a value lies in it. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** The range of the values times a factor above zero. */
  public Interval times(double factor) {
    return new Interval(low * factor, high * factor);
  }
}
