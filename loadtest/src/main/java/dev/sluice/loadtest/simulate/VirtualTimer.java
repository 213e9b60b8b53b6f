package dev.sluice.loadtest.simulate;

/** What happens at set times. */
enum VirtualTimer {
  /** Something breaks, or comes back. */
  FAULT(0),
  /** Backends are asked how busy they are. */
  PROBE(1),
  /** Their answers come. */
  REPORTS(2),
  /** Prices follow the load. */
  TICK(3),
  /** Labels are learned from. */
  LEARN(4),
  /** Those who wait are looked at again. */
  REVIEW(5);

  private static final VirtualTimer[] BY_RANK = new VirtualTimer[6];

  static {
    for (VirtualTimer timer : values()) {
      BY_RANK[timer.rank] = timer;
    }
  }

  private final int rank;

  VirtualTimer(int rank) {
    this.rank = rank;
  }

  /** Its place among those that are due at once. */
  int rank() {
    return rank;
  }

  /** The timer with this rank. */
  static VirtualTimer of(int rank) {
    return BY_RANK[rank];
  }
}
