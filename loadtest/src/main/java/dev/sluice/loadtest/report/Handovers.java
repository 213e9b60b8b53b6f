package dev.sluice.loadtest.report;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How long the gateway took to send an attempt in place of one that had failed, since that one's
 * last sign of life: a histogram. What a caller waits beyond it is the next backend's own time to
 * its first token.
 *
 * @param upTo number of handovers that took at most so many seconds, by seconds; the last is
 *     infinite
 */
public record Handovers(NavigableMap<Double, Long> upTo) {

  /** None. */
  public static final Handovers NONE = new Handovers(new TreeMap<>());

  public Handovers {
    upTo = new TreeMap<>(upTo);
  }

  /** Those since an earlier reading. */
  Handovers since(Handovers earlier) {
    TreeMap<Double, Long> since = new TreeMap<>();
    upTo.forEach(
        (seconds, count) -> since.put(seconds, count - earlier.upTo.getOrDefault(seconds, 0L)));
    return new Handovers(since);
  }

  /** How many. */
  public long count() {
    return upTo.isEmpty() ? 0 : upTo.lastEntry().getValue();
  }

  /**
   * The least bound in seconds that {@code share} of them, 0 … 1, kept; infinite beyond the last.
   */
  double atMostSeconds(double share) {
    for (Map.Entry<Double, Long> bucket : upTo.entrySet()) {
      if (bucket.getValue() >= share * count()) {
        return bucket.getKey();
      }
    }
    return Double.POSITIVE_INFINITY;
  }
}
