package dev.sluice.loadtest.simulate.fault;

/**
 * Something that goes wrong at a set time with a whole process or connection.
 *
 * @param kind what
 * @param atNanos when
 * @param lengthNanos for how long
 * @param backend with whom; of no matter to those of the gateway
 */
record Incident(Kind kind, long atNanos, long lengthNanos, int backend) {

  /** What can go wrong. */
  enum Kind {
    KILL,
    FREEZE,
    HOLD_UP,
    CUT,
    SLOW,
    REFUSE,
    FLAP,
    DRAIN_BACKEND,
    LIE,
    PAUSE_GATEWAY,
    DRAIN_GATEWAY,
    CHANGE_POLICY
  }

  private static final Kind[] KINDS = Kind.values();
  private static final double SHORTEST_NANOS = 50e6;
  private static final double LONGEST_NANOS = 7e9;

  /** An incident within {@code endNanos} with one of {@code backends}. */
  static Incident drawn(Draw draw, long endNanos, int backends) {
    long atNanos = draw.random().nextLong(endNanos);
    long lengthNanos = draw.logarithmicNanos(SHORTEST_NANOS, LONGEST_NANOS);
    return new Incident(
        KINDS[draw.between(0, KINDS.length - 1)],
        atNanos,
        Math.min(lengthNanos, endNanos - atNanos),
        draw.between(0, backends - 1));
  }
}
