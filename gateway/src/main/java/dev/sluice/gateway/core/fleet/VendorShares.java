package dev.sluice.gateway.core.fleet;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * How the attempts of late fell on the vendors of the hardware: counts that forget with a time
 * constant of a minute. Immutable.
 */
public final class VendorShares {

  /** Long enough that a share is more than chance, short enough that it follows an outage. */
  private static final double TIME_CONSTANT_NANOS = 60e9;

  /**
   * Least number of attempts that a share is taken of. Of fewer, one attempt would be all of them,
   * and a cap would refuse the first request of a quiet hour.
   */
  static final double LEAST_ATTEMPTS = 20;

  private final String[] vendors;
  private final double[] attempts;
  private final double total;
  private final long atNanos;

  private VendorShares(String[] vendors, double[] attempts, double total, long atNanos) {
    this.vendors = vendors;
    this.attempts = attempts;
    this.total = total;
    this.atNanos = atNanos;
  }

  /** No attempt yet on any of {@code deployments}. */
  static VendorShares of(List<Deployment> deployments) {
    Set<String> vendors = new LinkedHashSet<>();
    for (Deployment deployment : deployments) {
      vendors.add(deployment.identity().vendor());
    }
    return new VendorShares(
        vendors.toArray(String[]::new), new double[vendors.size()], 0, Long.MIN_VALUE);
  }

  /** These with one more attempt on hardware of {@code vendor}. */
  VendorShares with(String vendor, long nowNanos) {
    double kept = kept(nowNanos);
    double[] next = new double[attempts.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = attempts[i] * kept + (vendors[i].equals(vendor) ? 1 : 0);
    }
    return new VendorShares(vendors, next, total * kept + 1, Math.max(atNanos, nowNanos));
  }

  /** Share of {@code vendor}, 0 … 1, if one more attempt went there now. */
  public double shareWith(String vendor, long nowNanos) {
    double kept = kept(nowNanos);
    double own = 1;
    for (int i = 0; i < vendors.length; i++) {
      if (vendors[i].equals(vendor)) {
        own += attempts[i] * kept;
      }
    }
    return own / Math.max(LEAST_ATTEMPTS, total * kept + 1);
  }

  private double kept(long nowNanos) {
    return total == 0 ? 0 : StrictMath.exp(-Math.max(0, nowNanos - atNanos) / TIME_CONSTANT_NANOS);
  }

  @Override
  public String toString() {
    return "VendorShares" + Arrays.toString(vendors) + Arrays.toString(attempts);
  }
}
