package dev.sluice.gateway.core.request;

/** What is shed first under overload: the last named. */
public enum Criticality {
  /** Shed last. */
  CRITICAL_PLUS,
  /** The default. */
  CRITICAL,
  /** Can fail for a while. */
  SHEDDABLE_PLUS,
  /** Shed first. */
  SHEDDABLE
}
