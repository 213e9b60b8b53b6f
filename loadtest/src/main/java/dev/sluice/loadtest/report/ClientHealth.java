package dev.sluice.loadtest.report;

import java.util.List;

/**
 * How the load generator itself fared during the measured part.
 *
 * @param pauses times in which none of its threads could run
 * @param longestHiccupNanos greatest lateness of its pause detector, pauses included
 * @param cpuShare share of the machine's CPU time that it used, 0 … 1
 * @param gcMillis time spent in garbage collection
 * @param pausesFlagged whether requests that a pause touched are flagged, so that pauses do not
 *     make the run invalid
 */
public record ClientHealth(
    List<Pause> pauses,
    long longestHiccupNanos,
    double cpuShare,
    long gcMillis,
    boolean pausesFlagged) {
  /** A time in which nothing ran, since the start of the measured part. */
  public record Pause(long startNanos, long lengthNanos) {
    private boolean covers(long nanos) {
      return nanos >= startNanos && nanos <= startNanos + lengthNanos + AFTERMATH_NANOS;
    }
  }

  /** Work that a pause held up is still late for about this long; chosen without measurement. */
  private static final long AFTERMATH_NANOS = 5_000_000;

  /** A client without faults: that of a simulated run. */
  public static final ClientHealth PERFECT = new ClientHealth(List.of(), 0, 0, 0, false);

  public ClientHealth {
    pauses = List.copyOf(pauses);
  }

  /** Whether a pause touched one of the moments that are measured of this request. */
  boolean touched(RequestResult result) {
    Timeline times = result.times();
    for (Pause pause : pauses) {
      if (pause.covers(times.intendedNanos())
          || pause.covers(times.firstTokenNanos())
          || pause.covers(times.lastTokenNanos())) {
        return true;
      }
    }
    return false;
  }
}
