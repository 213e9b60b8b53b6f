package dev.sluice.backends.oip;

import dev.sluice.backends.LoadReport;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * How busy a server is that tells only sums of the times that its requests took.
 *
 * @implNote Little's law: the time that requests spent in a window, over the window's length, is
 *     how many were there on average. What our own requests took is left out and those that run now
 *     are counted in its place, so that only the others' part lags behind.
 */
final class LoadMeter {

  /** Long enough for a few answers to end in it. */
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final AtomicInteger running = new AtomicInteger();
  private final LongAdder ownNanos = new LongAdder();

  /** Readings of the last window, the oldest first; of the thread that reads statistics. */
  private final Deque<Reading> readings = new ArrayDeque<>();

  /**
   * Sums since the server began.
   *
   * @param atNanos when they were read
   * @param totalNanos times of all requests that ended well
   * @param queueNanos the part of them that was waiting
   * @param ownNanos times of ours among them
   */
  private record Reading(long atNanos, long totalNanos, long queueNanos, long ownNanos) {}

  /** One of our requests began. */
  void began() {
    running.incrementAndGet();
  }

  /** One of our requests ended after {@code nanos}. */
  void ended(long nanos, boolean complete) {
    running.decrementAndGet();
    if (complete) {
      ownNanos.add(nanos);
    }
  }

  /** The server's sums are read; called by one thread. */
  LoadReport read(long totalNanos, long queueNanos, long nowNanos) {
    Reading now = new Reading(nowNanos, totalNanos, queueNanos, ownNanos.sum());
    if (!readings.isEmpty() && readings.getLast().totalNanos > totalNanos) {
      readings.clear(); // it began anew
    }
    readings.add(now);
    while (nowNanos - readings.getFirst().atNanos > WINDOW_NANOS) {
      readings.remove();
    }
    Reading then = readings.getFirst();
    double windowNanos = Math.max(1, nowNanos - then.atNanos);
    double all = (totalNanos - then.totalNanos) / windowNanos;
    double own = (now.ownNanos - then.ownNanos) / windowNanos;
    long others = Math.round(Math.max(0, all - own));
    long waiting = Math.round(Math.max(0, queueNanos - then.queueNanos) / windowNanos);
    return new LoadReport(
        running.get() + Math.clamp(others - waiting, 0, Integer.MAX_VALUE / 2),
        Math.clamp(Math.min(waiting, others), 0, Integer.MAX_VALUE / 2),
        0,
        0);
  }
}
