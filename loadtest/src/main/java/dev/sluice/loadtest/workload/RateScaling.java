package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A trace brought to another mean rate without touching its gaps: thinned, or overlaid with copies
 * of itself that are shifted in time and wrap around its end, then thinned to the count. Thinning
 * leaves out whole conversations.
 *
 * <p>Compressing time instead would shorten bursts, think times and cache lifetimes along with the
 * gaps, and so test another workload.
 */
final class RateScaling {
  /** Guards against a rate typed in the wrong unit; a thousand copies of an hour is a lot. */
  private static final int MAX_COPIES = 10_000;

  /**
   * Rows that are kept or left out together.
   *
   * @param rows their places
   * @param priority the lower, the earlier kept
   */
  private record Unit(List<Integer> rows, long priority) {}

  private final List<TraceRow> rows;
  private final SplittableRandom random;

  RateScaling(List<TraceRow> rows, long seed) {
    this.rows = rows;
    this.random = new SplittableRandom(seed);
  }

  /**
   * As near to {@code rate × window} requests as whole conversations allow, exactly as many where
   * rows stand alone, that arrive before the window's end, in order.
   */
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
        overlaid.add(row.at(atNanos).inCopy(copy));
      }
    }
  }

  /** Takes units in random order as long as they fit; every order is equally likely. */
  private List<TraceRow> thin(List<TraceRow> all, int wanted) {
    List<Unit> units = units(all);
    units.sort(Comparator.comparingLong(Unit::priority));
    boolean[] kept = new boolean[all.size()];
    int count = 0;
    for (Unit unit : units) {
      if (count + unit.rows.size() <= wanted) {
        unit.rows.forEach(row -> kept[row] = true);
        count += unit.rows.size();
      }
    }
    if (count == 0) {
      throw new IllegalArgumentException(
          "rate: %d requests are fewer than any conversation has (expected: a higher rate)"
              .formatted(wanted));
    }
    List<TraceRow> left = new ArrayList<>(count);
    for (int row = 0; row < kept.length; row++) {
      if (kept[row]) {
        left.add(all.get(row));
      }
    }
    return left;
  }

  private List<Unit> units(List<TraceRow> all) {
    List<Unit> units = new ArrayList<>();
    Map<Long, Unit> conversations = new LinkedHashMap<>();
    for (int row = 0; row < all.size(); row++) {
      Turn turn = all.get(row).turn();
      Unit unit = turn.inConversation() ? conversations.get(turn.conversation()) : null;
      if (unit == null) {
        unit = new Unit(new ArrayList<>(1), random.nextLong());
        units.add(unit);
        if (turn.inConversation()) {
          conversations.put(turn.conversation(), unit);
        }
      }
      unit.rows.add(row);
    }
    return units;
  }
}
