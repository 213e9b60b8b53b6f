package dev.sluice.gateway;

import java.util.Arrays;

/**
 * Tells how late the process's timers are, by those of the last ten seconds: the lag that one in a
 * hundred exceeded, as a share of the longest that is borne (faults §5.6).
 *
 * <p>Told by {@link #ticked} at a steady pace by a thread that does nothing else of weight. What
 * holds it up (no processor to run on, a collector that stops the world, a machine that swaps)
 * holds up the event loops alike. The loops themselves are not asked: gRPC shares its own among the
 * listener and the channels to the backends and shows them to nobody, and loops of our own would
 * part the two and double their threads. A handler that blocks one loop alone is not seen.
 *
 * <p>One lag in a hundred is left out, so that one pause is no overload. One thread writes, any
 * reads.
 */
final class LagWatch {

  /** How often it is told. */
  static final long TICK_NANOS = 50_000_000;

  /** Longest lag that is borne: what is taken for a pause of our own elsewhere (faults row 61). */
  private static final double MOST_NANOS = 1e9;

  private static final int TICKS = 200;
  private static final int LEFT_OUT = TICKS / 100;

  private final long[] lagsNanos = new long[TICKS];
  private int next;
  private long tickedNanos;
  private volatile double share;

  /** A watch that begins now. */
  LagWatch(long nowNanos) {
    tickedNanos = nowNanos;
  }

  /** A tick came, which was due {@link #TICK_NANOS} after the one before. */
  void ticked(long nowNanos) {
    lagsNanos[next] = Math.max(0, nowNanos - tickedNanos - TICK_NANOS);
    next = (next + 1) % TICKS;
    tickedNanos = nowNanos;
    long[] sorted = lagsNanos.clone();
    Arrays.sort(sorted);
    share = sorted[TICKS - 1 - LEFT_OUT] / MOST_NANOS;
  }

  /** The share. */
  double share() {
    return share;
  }
}
