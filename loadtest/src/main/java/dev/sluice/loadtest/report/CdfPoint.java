package dev.sluice.loadtest.report;

/** A point of a distribution: this share of the requests took no longer. */
public record CdfPoint(long nanos, double share) {
  public CdfPoint {
    Checks.notNegative("time", nanos);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: " + share + " (expected: 0 … 1)");
    }
  }
}
