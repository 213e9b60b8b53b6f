package dev.sluice.loadtest.simulate.fault;

/**
 * What goes wrong with a stream at each of its tokens, by chance.
 *
 * @param kill its backend's process dies
 * @param reset it alone breaks off
 * @param stall it falls silent
 * @param duplicate its last tokens come again
 * @param skip tokens are left out
 * @param garbage what comes can not be read
 * @param cutShort it ends before its end
 */
record Odds(
    double kill,
    double reset,
    double stall,
    double duplicate,
    double skip,
    double garbage,
    double cutShort) {

  /** What can go wrong. */
  enum Fault {
    NONE,
    KILL,
    RESET,
    STALL,
    DUPLICATE,
    SKIP,
    GARBAGE,
    CUT_SHORT
  }

  /** Nothing goes wrong. */
  static final Odds NONE = new Odds(0, 0, 0, 0, 0, 0, 0);

  /** Odds of one run, each up to what faults §3.7 says. */
  static Odds drawn(Draw draw) {
    return new Odds(
        draw.swarm(0.05),
        draw.swarm(0.05),
        draw.swarm(0.05),
        draw.swarm(0.10),
        draw.swarm(0.02),
        draw.swarm(0.02),
        draw.swarm(0.03));
  }

  /** What goes wrong now: one draw for all, since it is made for every token. */
  Fault next(Draw draw) {
    double left = draw.random().nextDouble();
    if ((left -= kill) < 0) {
      return Fault.KILL;
    }
    if ((left -= reset) < 0) {
      return Fault.RESET;
    }
    if ((left -= stall) < 0) {
      return Fault.STALL;
    }
    if ((left -= duplicate) < 0) {
      return Fault.DUPLICATE;
    }
    if ((left -= skip) < 0) {
      return Fault.SKIP;
    }
    if ((left -= garbage) < 0) {
      return Fault.GARBAGE;
    }
    return left - cutShort < 0 ? Fault.CUT_SHORT : Fault.NONE;
  }
}
