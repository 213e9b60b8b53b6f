package dev.sluice.gateway.core.request;

/** What is shed first as the gateway fills up: the last named (faults §5.5). */
public enum Criticality {
  /** Shed last. */
  CRITICAL_PLUS(1),
  /** The default. */
  CRITICAL(0.95),
  /** Can fail for a while. */
  SHEDDABLE_PLUS(0.85),
  /** Shed first. */
  SHEDDABLE(0.7);

  private final double admittedBelow;

  Criticality(double admittedBelow) {
    this.admittedBelow = admittedBelow;
  }

  /** Share of what the gateway can hold from which on requests of this criticality are refused. */
  public double admittedBelow() {
    return admittedBelow;
  }

  /** Whether it gives way to others where there is too little for all. */
  public boolean givesWay() {
    return compareTo(CRITICAL) > 0;
  }
}
