package dev.sluice.loadtest.live;

import dev.sluice.loadtest.report.ClientHealth.Pause;
import java.util.ArrayList;
import java.util.List;

/** Finder of pauses: whoever meant to sleep a moment and slept much longer was held up. */
final class HiccupMeter {
  static final long NAP_NANOS = 1_000_000;
  private static final long PAUSE_NANOS = 10_000_000;

  /** Bound on what is kept; a run with more pauses is invalid long before. */
  private static final int MAX_PAUSES = 100_000;

  private final List<Pause> pauses = new ArrayList<>();
  private long longestNanos;

  /** Takes note of one nap, by its begin and end since the start of the measured part. */
  void napped(long beganNanos, long endedNanos) {
    long lateNanos = endedNanos - beganNanos - NAP_NANOS;
    longestNanos = Math.max(longestNanos, lateNanos);
    if (lateNanos > PAUSE_NANOS && pauses.size() < MAX_PAUSES) {
      pauses.add(new Pause(beganNanos + NAP_NANOS, lateNanos));
    }
  }

  List<Pause> pauses() {
    return List.copyOf(pauses);
  }

  long longestNanos() {
    return longestNanos;
  }
}
