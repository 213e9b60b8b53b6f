package dev.sluice.loadtest.report;

/**
 * A fault that was done to a backend. Times are since the start of the measured part.
 *
 * @param kind the plan's word, or {@code died} for a process that ended by itself
 * @param backend whom it befell
 * @param detail what exactly; may be empty
 * @param endNanos when the backend was whole again; {@link Timeline#NEVER} if it was not
 */
public record FaultRecord(String kind, String backend, String detail, long atNanos, long endNanos) {

  boolean isLasting(long nanos) {
    return nanos >= atNanos && (endNanos == Timeline.NEVER || nanos < endNanos);
  }

  /** Whether it takes the backend away at once, so that what ran on it is hit in that moment. */
  boolean isSudden() {
    return kind.equals("kill") || kind.equals("died") || kind.equals("freeze");
  }
}
