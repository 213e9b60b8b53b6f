package dev.sluice.loadtest.workload;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The rows of one part of a recorded trace, moved in time, as those of other users. */
final class ArcFeed implements RowFeed {
  private final FileCursor source;
  private final Arc arc;
  private final int copy;

  ArcFeed(FileCursor source, Arc arc, int copy) {
    this.source = source;
    this.arc = arc;
    this.copy = copy;
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    TraceRow row = source.next();
    while (row != null && row.atNanos() < arc.fromNanos()) {
      row = source.next();
    }
    return row == null || row.atNanos() >= arc.untilNanos()
        ? null
        : row.at(row.atNanos() + arc.moveNanos()).inCopy(copy);
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
