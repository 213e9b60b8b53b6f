package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Rows in the order of their arrivals, from a feed that is nearly so: a window of rows is held
 * back, and each row leaves when it is the earliest of a full window. A row that is earlier than
 * one that has left comes too late and is dropped.
 */
final class OrderedFeed implements RowFeed {
  /** A row and its place among rows of the same arrival. */
  private record Held(TraceRow row, long number) {
    static final Comparator<Held> EARLIEST =
        Comparator.comparingLong((Held held) -> held.row.atNanos())
            .thenComparingLong(held -> held.number);
  }

  private final RowFeed source;
  private final int windowRows;
  private final Tally tally;
  private final PriorityQueue<Held> window = new PriorityQueue<>(Held.EARLIEST);
  private long number;
  private long latestNanos = Long.MIN_VALUE;
  private long lastGivenNanos = Long.MIN_VALUE;

  OrderedFeed(RowFeed source, int windowRows, Tally tally) {
    this.source = source;
    this.windowRows = windowRows;
    this.tally = tally;
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    while (window.size() <= windowRows) {
      TraceRow row = source.next();
      if (row == null) {
        break;
      }
      hold(row);
    }
    Held earliest = window.poll();
    if (earliest == null) {
      return null;
    }
    lastGivenNanos = earliest.row.atNanos();
    return earliest.row;
  }

  private void hold(TraceRow row) {
    if (row.atNanos() < lastGivenNanos) {
      long lateMillis = (lastGivenNanos - row.atNanos() + 999_999) / 1_000_000;
      tally.drop(
          source.place(),
          "out of order",
          lateMillis + " ms too late (expected: at most " + windowRows + " rows after its place)");
      return;
    }
    if (row.atNanos() < latestNanos) {
      tally.reorder();
    }
    latestNanos = Math.max(latestNanos, row.atNanos());
    window.add(new Held(row, number++));
  }

  @Override
  public String place() {
    return source.place();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
