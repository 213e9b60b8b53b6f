package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A trace at another rate, without touching its gaps: thinned, or overlaid with copies of itself.
 *
 * <p>Compressing time instead would shorten bursts, think times and cache lifetimes along with the
 * gaps, and so test another workload.
 */
final class ScaledCursor implements TraceCursor {
  private final FileCursor original;
  private final RowFeed scaled;
  private final double factor;
  private final ProfileMeter given = new ProfileMeter();

  private ScaledCursor(FileCursor original, RowFeed scaled, double factor) {
    this.original = original;
    this.scaled = scaled;
    this.factor = factor;
  }

  static ScaledCursor open(List<Path> files, TraceOptions options, double factor)
      throws IOException {
    if (factor < 1) {
      FileCursor original = new FileCursor(files, options, Arc.ALL);
      return new ScaledCursor(original, new ThinnedFeed(original, factor, options.seed()), factor);
    }
    long circleNanos = circleNanos(files, options);
    FileCursor original = new FileCursor(files, options, Arc.ALL);
    List<RowFeed> copies = new ArrayList<>();
    copies.add(original);
    try {
      for (int copy = 1; copy < factor; copy++) {
        copies.add(copy(files, options, circleNanos, copy, factor - copy));
      }
    } catch (IOException | RuntimeException e) {
      new MergedFeed(copies).close();
      throw e;
    }
    return new ScaledCursor(original, new MergedFeed(copies), factor);
  }

  private static RowFeed copy(
      List<Path> files, TraceOptions options, long circleNanos, int copy, double share)
      throws IOException {
    SplittableRandom random = new SplittableRandom(Hashes.combine(options.seed(), copy));
    long shiftNanos = random.nextLong(circleNanos);
    RowFeed wrapping = part(files, options, Arc.wrapping(shiftNanos, circleNanos), copy);
    RowFeed shifted = part(files, options, Arc.shifted(shiftNanos, circleNanos), copy);
    RowFeed whole = new MergedFeed(List.of(wrapping, shifted));
    return share < 1 ? new ThinnedFeed(whole, share, options.seed()) : whole;
  }

  /** Conversations of a closed loop move as a whole, recorded rows one by one. */
  private static RowFeed part(List<Path> files, TraceOptions options, Arc arc, int copy)
      throws IOException {
    FileCursor cursor = new FileCursor(files, options, arc);
    boolean moved = cursor.format() == TraceFormat.AGENT_JSON;
    return new ArcFeed(cursor, moved ? Arc.ALL : arc, copy);
  }

  private static long circleNanos(List<Path> files, TraceOptions options) throws IOException {
    try (FileCursor pass = new FileCursor(files, options, Arc.ALL)) {
      while (pass.next() != null) {
        // to the end, which alone tells how long the trace is
      }
      return pass.circleNanos();
    }
  }

  @Override
  public @Nullable TraceRow next() throws IOException {
    TraceRow row = scaled.next();
    if (row != null) {
      given.add(row);
    } else if (given.profile().rows() == 0) {
      throw new TraceException(
          "rate scale: " + factor + " leaves no request (expected: a higher one)");
    }
    return row;
  }

  @Override
  public TraceSummary summary() {
    return original.summary().giving(given.profile());
  }

  @Override
  public Fidelity fidelity() {
    return new Fidelity(factor, original.summary().given(), given.profile());
  }

  @Override
  public void close() throws IOException {
    scaled.close();
  }
}
