package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A trace in files, which can be opened as often as needed, at its own rate or at another.
 *
 * <p>Files that are opened together are parts of one trace: of one format, on one clock, with one
 * space of block ids. Recorded ones are merged in the order of time, others read one after the
 * other.
 */
public final class TraceSource {
  /** Each overlaid copy reads the files for itself, twice. */
  private static final double MAX_FACTOR = 100;

  private final List<Path> files;
  private final TraceOptions options;
  private final double factor;

  /** A trace at its own rate. */
  public TraceSource(List<Path> files, TraceOptions options) {
    this(files, options, 1);
  }

  private TraceSource(List<Path> files, TraceOptions options, double factor) {
    this.files = List.copyOf(files);
    this.options = options;
    this.factor = factor;
    if (files.isEmpty()) {
      throw new IllegalArgumentException("trace: no file (expected: at least one)");
    }
  }

  /**
   * The same trace at {@code times} the rate, with gaps, think times and prefixes as they are.
   *
   * <p>Below 1, whole conversations are left out, and rows that stand alone one by one. Above 1,
   * copies are overlaid that are shifted in time, wrap around the trace's end and have prefixes and
   * conversations of their own; the last of them is thinned to the fraction. Conversations of a
   * closed loop wrap as a whole, by their start. A recorded conversation that crosses the end is
   * split there.
   *
   * @throws IllegalArgumentException when the factor is not above 0 and at most 100
   */
  public TraceSource scaledBy(double times) {
    double product = factor * times;
    if (!(times > 0 && product > 0 && product <= MAX_FACTOR)) {
      throw new IllegalArgumentException(
          "rate scale: " + times + " (expected: above 0, up to " + (int) MAX_FACTOR + ")");
    }
    return new TraceSource(files, options, product);
  }

  /**
   * Opens the trace at its beginning.
   *
   * @throws TraceException when a file has no known format, or not that of the others
   */
  public TraceCursor open() throws IOException {
    if (factor == 1) {
      return new FileCursor(files, options, Arc.ALL);
    }
    return ScaledCursor.open(files, options, factor);
  }

  @Override
  public String toString() {
    return files + " × " + factor;
  }
}
