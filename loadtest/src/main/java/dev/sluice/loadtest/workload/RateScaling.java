package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A trace brought to another mean rate without touching its gaps: thinned, or overlaid with copies
 * of itself that are shifted in time and wrap around its end, then thinned to the count.
 *
 * <p>Compressing time instead would shorten bursts, think times and cache lifetimes along with the
 * gaps, and so test another workload.
 */
final class RateScaling {
  /** Guards against a rate typed in the wrong unit; a thousand copies of an hour is a lot. */
  private static final int MAX_COPIES = 10_000;

  private final List<TraceRow> rows;
  private final SplittableRandom random;

  RateScaling(List<TraceRow> rows, long seed) {
    this.rows = rows;
    this.random = new SplittableRandom(seed);
  }

  /** Exactly {@code rate × window} requests that arrive before the window's end, in order. */
  List<TraceRow> toRate(double rate, long windowNanos) {
    long wanted = Math.round(rate * windowNanos / 1e9);
    if (wanted < 1 || wanted > 50_000_000) {
      throw new IllegalArgumentException(
          "rate: %s req/s over %.1f s gives %d requests (expected: 1 … 50 million)"
              .formatted(rate, windowNanos / 1e9, wanted));
    }
    List<TraceRow> overlaid = new ArrayList<>();
    for (int copy = 0; overlaid.size() < wanted; copy++) {
      if (copy == MAX_COPIES) {
        throw new IllegalArgumentException(
            "rate: %s req/s needs over %d copies of the trace (expected: a lower rate)"
                .formatted(rate, MAX_COPIES));
      }
      addCopy(copy, windowNanos, overlaid);
    }
    overlaid.sort(Comparator.comparingLong(TraceRow::atNanos));
    return thin(overlaid, (int) wanted);
  }

  private void addCopy(int copy, long windowNanos, List<TraceRow> overlaid) {
    long spanNanos = rows.getLast().atNanos() + 1;
    long shiftNanos = copy == 0 ? 0 : random.nextLong(spanNanos);
    for (TraceRow row : rows) {
      long atNanos = (row.atNanos() + shiftNanos) % spanNanos;
      if (atNanos < windowNanos) {
        overlaid.add(
            new TraceRow(
                atNanos, row.inputTokens(), row.outputTokens(), row.prefix().inSpace(copy)));
      }
    }
  }

  /** Selection sampling (Knuth 3.4.2 S): every subset of that size is equally likely. */
  private List<TraceRow> thin(List<TraceRow> all, int wanted) {
    List<TraceRow> kept = new ArrayList<>(wanted);
    for (int i = 0; kept.size() < wanted; i++) {
      if (random.nextDouble() * (all.size() - i) < wanted - kept.size()) {
        kept.add(all.get(i));
      }
    }
    return kept;
  }
}
