package dev.sluice.gateway.core.admission;

import dev.sluice.gateway.core.request.Criticality;

/**
 * How far the process has used up what it has for itself, and what it goes without then (faults
 * §5.6). A state of its own: a level that was reached is left only when clearly less is in use, so
 * that a gateway at the edge does not change its mind with each reading.
 */
public enum OverloadLevel {
  /** There is enough. */
  CALM(0, 0, 0),
  /** No hedges, and less patience with connections that are idle. */
  TIGHT(1, 0.85, 0),
  /** No retries either, and what can be shed first is. */
  SHORT(2, 0.9, Criticality.SHEDDABLE.admittedBelow()),
  /** Only what is most critical is let in, and idle connections are closed. */
  SCARCE(3, 0.95, Criticality.CRITICAL.admittedBelow()),
  /** Nothing is let in, no connection either. */
  SPENT(4, 0.98, Criticality.CRITICAL_PLUS.admittedBelow());

  /** How much less must be in use than what led to a level for it to be left. */
  private static final double HYSTERESIS = 0.03;

  private static final OverloadLevel[] ASCENDING = values();

  private final int number;
  private final double from;
  private final double fullness;

  OverloadLevel(int number, double from, double fullness) {
    this.number = number;
    this.from = from;
    this.fullness = fullness;
  }

  /**
   * The level after a reading.
   *
   * @param share of the scarcest means that is in use, 0 … 1; what is not a number tells nothing
   */
  public OverloadLevel next(double share) {
    if (Double.isNaN(share)) {
      return this;
    }
    OverloadLevel next = CALM;
    for (OverloadLevel level : ASCENDING) {
      double least = level.compareTo(this) <= 0 ? level.from - HYSTERESIS : level.from;
      if (share >= least) {
        next = level;
      }
    }
    return next;
  }

  /** Its number in faults §5.6, from 0. */
  public int number() {
    return number;
  }

  /** What it means for the gate: see {@link Admission.Gate#fullness}. */
  public double fullness() {
    return fullness;
  }

  /** Whether a second attempt may be made beside one that is merely slow. */
  public boolean allowsHedges() {
    return this == CALM;
  }

  /** Whether new connections are taken. */
  public boolean allowsConnections() {
    return this != SPENT;
  }

  /** The share of its usual time that a connection may be idle. */
  public double idleShare() {
    return switch (this) {
      case CALM -> 1;
      case TIGHT, SHORT -> 0.25;
      case SCARCE, SPENT -> 0;
    };
  }

  /** Whether a request whose attempt failed before its first token may be tried again. */
  public boolean allowsRetries() {
    return compareTo(SHORT) < 0;
  }
}
