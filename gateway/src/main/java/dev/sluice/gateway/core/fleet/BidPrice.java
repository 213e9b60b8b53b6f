package dev.sluice.gateway.core.fleet;

/**
 * How a deployment's bid price follows its load (science §1.9): {@code λ ← max(0, λ + η·(u − ρ*))}
 * at each tick, with u the share of its time that is spoken for.
 */
final class BidPrice {

  /** Load at which the price stands still. Above, it rises; below, it falls (science §1.9). */
  private static final double TARGET_UTILISATION = 0.92;

  /** Change per second and unit of load. */
  private static final double RATE_PER_SECOND = 0.05;

  /** Beyond this no request would ever be worth it. */
  private static final double MOST = 0.5;

  private BidPrice() {}

  /** The price after {@code elapsedNanos} at {@code utilisation}. */
  static double after(double price, double utilisation, long elapsedNanos) {
    double change = RATE_PER_SECOND * (utilisation - TARGET_UTILISATION) * (elapsedNanos / 1e9);
    return Math.max(0, Math.min(MOST, price + change));
  }
}
