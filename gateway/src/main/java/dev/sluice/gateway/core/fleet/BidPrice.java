package dev.sluice.gateway.core.fleet;

/**
 * How a deployment's bid price follows its load (science §1.9): {@code λ ← max(0, λ + η·(u − ρ*))}
 * at each tick, with u the share of its time that is spoken for.
 */
final class BidPrice {

  /** Load at which the price stands still. Above, it rises; below, it falls (science §1.9). */
  private static final double TARGET_UTILISATION = Double.parseDouble(System.getProperty("k.target", "0.92"));

  /** Change per second and unit of load. */
  private static final double RATE_PER_SECOND = Double.parseDouble(System.getProperty("k.rate", "0.05"));

  /** Beyond this no request would ever be worth it. */
  private static final double MOST = Double.parseDouble(System.getProperty("k.most", "0.5"));

  private BidPrice() {}

  /** The price after {@code elapsedNanos} at {@code utilisation}. */
  static double after(double price, double utilisation, long elapsedNanos) {
    if (K > 0) {
      double own = K * Math.max(0, utilisation - TARGET_UTILISATION);
      double w = Math.min(1, elapsedNanos / 1e9 / TAU);
      return Math.min(MOST, price + (own - price) * w);
    }
    double d = utilisation - TARGET_UTILISATION;
    double change = RATE_PER_SECOND * (d < 0 ? FALL * d : d) * (elapsedNanos / 1e9);
    return Math.max(0, Math.min(MOST, price + change));
  }
  private static final double K = Double.parseDouble(System.getProperty("k.k", "0"));
  private static final double TAU = Double.parseDouble(System.getProperty("k.tau", "0.2"));
  private static final double FALL = Double.parseDouble(System.getProperty("k.fall", "1"));
}
