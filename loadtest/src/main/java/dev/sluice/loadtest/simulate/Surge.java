package dev.sluice.loadtest.simulate;

/**
 * A time of many more requests, of the same kinds as always.
 *
 * @param fromNanos its beginning, since the start of the run
 * @param untilNanos its end
 * @param factor requests then, over those of other times; 1: there is no surge
 */
record Surge(long fromNanos, long untilNanos, double factor) {

  /** No surge. */
  static final Surge NONE = new Surge(0, 0, 1);

  Surge {
    if (fromNanos < 0 || untilNanos < fromNanos || !(factor >= 1)) {
      throw new IllegalArgumentException(
          "surge: %d to %d ns, times %s (expected: 0 <= from <= until, at least 1)"
              .formatted(fromNanos, untilNanos, factor));
    }
  }

  boolean happens() {
    return factor > 1 && untilNanos > fromNanos;
  }
}
