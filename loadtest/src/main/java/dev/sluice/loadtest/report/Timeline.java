package dev.sluice.loadtest.report;

/**
 * What happened when, in time since the start of the measured part; {@link #NEVER} where it did
 * not.
 */
public record Timeline(
    long intendedNanos,
    long sentNanos,
    long admittedNanos,
    long firstTokenNanos,
    long lastTokenNanos,
    long closedNanos) {
  /** The time of what did not happen. */
  public static final long NEVER = -1;

  /** The times of a request that was never sent. */
  public static Timeline notSent(long intendedNanos) {
    return new Timeline(intendedNanos, NEVER, NEVER, NEVER, NEVER, NEVER);
  }
}
