package dev.sluice.loadtest.workload;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Rows of a trace, one after the other, on the trace's own time line. */
interface RowFeed extends Closeable {
  /** The next row; null at the end. */
  @Nullable TraceRow next() throws IOException;

  /** Where the last row was read, as {@code file:line}. */
  String place();
}
