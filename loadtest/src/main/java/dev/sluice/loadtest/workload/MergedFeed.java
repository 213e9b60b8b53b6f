package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Several ordered feeds as one; of rows that arrive at once, those of the first feed come first.
 */
final class MergedFeed implements RowFeed {
  /** The first row of a feed that has not been given yet. */
  private record Head(TraceRow row, int feed) {
    static final Comparator<Head> EARLIEST =
        Comparator.comparingLong((Head head) -> head.row.atNanos()).thenComparingInt(Head::feed);
  }

  private final List<RowFeed> feeds;
  private final PriorityQueue<Head> heads = new PriorityQueue<>(Head.EARLIEST);
  private boolean started;
  private int last;

  MergedFeed(List<? extends RowFeed> feeds) {
    this.feeds = List.copyOf(feeds);
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    if (!started) {
      started = true;
      for (int feed = 0; feed < feeds.size(); feed++) {
        pull(feed);
      }
    }
    Head earliest = heads.poll();
    if (earliest == null) {
      return null;
    }
    last = earliest.feed;
    pull(last);
    return earliest.row;
  }

  private void pull(int feed) throws IOException {
    TraceRow row = feeds.get(feed).next();
    if (row != null) {
      heads.add(new Head(row, feed));
    }
  }

  @Override
  public String place() {
    return feeds.get(last).place();
  }

  @Override
  public void close() throws IOException {
    List<IOException> failures = new ArrayList<>();
    for (RowFeed feed : feeds) {
      try {
        feed.close();
      } catch (IOException e) {
        failures.add(e);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }
}
