package dev.sluice.gateway.engine;

import java.util.concurrent.TimeUnit;

/**
 * How long an engine that ended by itself is left ended: a second, twice as long each further time,
 * up to a minute; a second again after it ran for a minute.
 *
 * <p>The same lengths as those that keep requests away from a backend that fails: an engine that
 * cannot run costs a line of the log and a start a minute.
 *
 * @param firstNanos after an engine that ran for long
 * @param mostNanos the longest, and how long a run must be to count as long
 * @param nanos now
 */
record Backoff(long firstNanos, long mostNanos, long nanos) {

  /** Of an engine that was not started yet. */
  static Backoff initial() {
    return beginningAt(TimeUnit.SECONDS.toNanos(1));
  }

  static Backoff beginningAt(long firstNanos) {
    return new Backoff(firstNanos, TimeUnit.MINUTES.toNanos(1), 0);
  }

  /** After one more run, of {@code ranNanos}. */
  Backoff after(long ranNanos) {
    boolean isFirst = nanos == 0 || ranNanos >= mostNanos;
    return new Backoff(
        firstNanos, mostNanos, isFirst ? firstNanos : Math.min(2 * nanos, mostNanos));
  }
}
