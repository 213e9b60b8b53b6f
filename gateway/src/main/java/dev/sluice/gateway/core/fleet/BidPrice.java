package dev.sluice.gateway.core.fleet;

/**
 * What a second of a deployment's time is worth, in units of a usual request's value, by the share
 * of its time that is spoken for: nothing while there is room, then rising with it, so that those
 * who are worth least give way first.
 *
 * @implNote Science §1.9 has the price follow by and by, {@code λ ← max(0, λ + η·(u − ρ*))}. That
 *     needs minutes to reach a price that keeps anybody away, when the goodput has fallen, and as
 *     long to forget it when the rush is over; and no single ρ* suits both a fleet whose callers
 *     are in no hurry and one whose step time is their budget. In proportion, with u averaged over
 *     the last ten seconds, it is there within seconds and gone as soon, and rests wherever demand
 *     and price meet. In simulation (scenario {@code surge}) interactive requests are back to
 *     normal 3 s after a minute of ten times the load; with a price that is hardly felt it takes
 *     them two minutes.
 */
final class BidPrice {

  /**
   * Share of its time up to which a deployment has room. At 0.7 requests are turned away that would
   * have been met (Azure conversation at five times its rate: 97.3 % instead of 98.0); from 0.95 on
   * the price is hardly felt, and a rush leaves a backlog for two minutes.
   */
  private static final double ROOM = 0.85;

  /**
   * Rise over the whole of a deployment's time. A usual request takes a fifth of a second of a
   * usual deployment, so that one of usual value is worth its time up to 1.35 times what can be
   * done.
   */
  private static final double RISE = 10;

  /** Beyond this no request would ever be worth it. */
  private static final double MOST = 10;

  private BidPrice() {}

  /** The price at {@code utilisation}. */
  static double at(double utilisation) {
    return Math.max(0, Math.min(MOST, RISE * (utilisation - ROOM)));
  }
}
