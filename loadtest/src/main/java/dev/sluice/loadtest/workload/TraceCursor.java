package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a trace in the order of their arrivals, read as they are asked for.
 *
 * <p>Memory does not grow with the length of a trace that is recorded in the order of time. Of
 * drawn traces, the conversations that are open at once and the clients are held.
 */
public interface TraceCursor extends AutoCloseable {
  /** Opens a trace; see {@link TraceSource}. */
  static TraceCursor open(List<Path> files, TraceOptions options) throws IOException {
    return new TraceSource(files, options).open();
  }

  /**
   * The next row; null at the end.
   *
   * @throws TraceException at the end, when there was no usable row
   */
  @Nullable TraceRow next() throws IOException;

  /** What was found and handed out so far; complete once {@link #next} has returned null. */
  TraceSummary summary();

  /** How far what was handed out so far is from the trace as it is. */
  Fidelity fidelity();

  @Override
  void close() throws IOException;
}
