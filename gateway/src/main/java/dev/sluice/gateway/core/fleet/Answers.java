package dev.sluice.gateway.core.fleet;

import java.util.Arrays;

/**
 * The newest answers of a deployment: how long each took, and how many requests were under way when
 * it was sent. Immutable; holds at most {@link #MOST}.
 *
 * <p>Prequal's server keeps such a list to tell a prober what latency to expect at its present load
 * (science §1.1).
 */
final class Answers {

  /** Enough for a median that one odd answer does not move; chosen without measurement. */
  static final int MOST = 16;

  /** Answers that a median is taken of, those with the closest load: odd, so that it is one. */
  private static final int NEAREST = 5;

  static final Answers NONE = new Answers(new float[0], new int[0]);

  /** Newest last. */
  private final float[] latencyNanos;

  private final int[] inFlight;

  private Answers(float[] latencyNanos, int[] inFlight) {
    this.latencyNanos = latencyNanos;
    this.inFlight = inFlight;
  }

  /** These and one that took {@code nanos} and found {@code ahead} requests under way. */
  Answers with(double nanos, int ahead) {
    int kept = Math.min(latencyNanos.length, MOST - 1);
    int from = latencyNanos.length - kept;
    float[] latencies = new float[kept + 1];
    int[] loads = new int[kept + 1];
    for (int i = 0; i < kept; i++) {
      latencies[i] = latencyNanos[from + i];
      loads[i] = inFlight[from + i];
    }
    latencies[kept] = (float) nanos;
    loads[kept] = ahead;
    return new Answers(latencies, loads);
  }

  /**
   * Median latency of the answers whose load was closest to {@code load}, newer ones first among
   * equals; 0 when there are none.
   */
  double medianNear(int load) {
    int count = Math.min(NEAREST, latencyNanos.length);
    if (count == 0) {
      return 0;
    }
    float[] nearest = new float[count];
    boolean[] taken = new boolean[latencyNanos.length];
    for (int i = 0; i < count; i++) {
      int next = nearestTo(load, taken);
      taken[next] = true;
      nearest[i] = latencyNanos[next];
    }
    Arrays.sort(nearest);
    return nearest[count / 2];
  }

  private int nearestTo(int load, boolean[] taken) {
    int best = -1;
    for (int i = inFlight.length - 1; i >= 0; i--) {
      if (!taken[i]
          && (best < 0 || Math.abs(inFlight[i] - load) < Math.abs(inFlight[best] - load))) {
        best = i;
      }
    }
    return best;
  }
}
