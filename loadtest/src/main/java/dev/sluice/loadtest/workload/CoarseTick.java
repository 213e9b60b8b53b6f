package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The 3 s tick on which the arrivals of the Mooncake conversation trace were recorded. Replayed as
 * they stand, they would come in clusters of ten that never were; spread uniformly over the 3 s
 * that follow, they come as they may have.
 *
 * <p>Whether a trace lies on the tick is judged by its first rows, and the rows of one tick are
 * held while they are spread, so that a trace of any length can be repaired as it is read.
 */
final class CoarseTick {
  /** Where rows come from. */
  interface Source {
    @Nullable TraceRow next() throws IOException;
  }

  private static final long TICK_NANOS = 3_000_000_000L;

  /** The recorder's clock strayed by 1 ms; twice that still lets 2 rows in 1 500 pass by chance. */
  private static final long TOLERANCE_NANOS = 2_000_000L;

  /** Fewer rows than this can lie on the tick by chance, for instance all at 0. */
  private static final int LEAST_ROWS = 20;

  /** Rows by which a trace is judged: five minutes of the published one. */
  private static final int JUDGED_ROWS = 1024;

  /** A hundred thousand times the published rate. */
  private static final int MAX_ROWS_OF_A_TICK = 1 << 20;

  private final Source source;
  private final SplittableRandom random;
  private final Deque<TraceRow> ahead = new ArrayDeque<>();
  private final Deque<TraceRow> spread = new ArrayDeque<>();
  private boolean judged;
  private boolean governs;

  CoarseTick(Source source, long seed) {
    this.source = source;
    random = new SplittableRandom(seed);
  }

  /** Whether the rows lie on the tick and are spread; known after the first row. */
  boolean governs() {
    return governs;
  }

  @Nullable TraceRow next() throws IOException {
    if (!judged) {
      judge();
    }
    if (!governs) {
      return pull();
    }
    if (spread.isEmpty()) {
      spreadNextTick();
    }
    return spread.poll();
  }

  private void judge() throws IOException {
    judged = true;
    boolean onTick = true;
    TraceRow row = source.next();
    while (row != null) {
      ahead.add(row);
      onTick &= onTick(row);
      row = ahead.size() < JUDGED_ROWS ? source.next() : null;
    }
    governs = onTick && ahead.size() >= LEAST_ROWS;
  }

  private static boolean onTick(TraceRow row) {
    long past = row.atNanos() % TICK_NANOS;
    return Math.min(past, TICK_NANOS - past) <= TOLERANCE_NANOS;
  }

  private void spreadNextTick() throws IOException {
    TraceRow row = pull();
    if (row == null) {
      return;
    }
    long tick = tickOf(row);
    List<TraceRow> rows = new ArrayList<>();
    for (; row != null && tickOf(row) == tick; row = pull()) {
      if (rows.size() == MAX_ROWS_OF_A_TICK) {
        throw new TraceException(
            "tick of 3 s at %d s: over %d requests (expected: fewer)"
                .formatted(tick * 3, MAX_ROWS_OF_A_TICK));
      }
      rows.add(row);
    }
    if (row != null) {
      ahead.addFirst(row);
    }
    long[] offsets = random.longs(rows.size(), 0, TICK_NANOS).toArray();
    Arrays.sort(offsets);
    for (int i = 0; i < offsets.length; i++) {
      spread.add(rows.get(i).at(tick * TICK_NANOS + offsets[i]));
    }
  }

  private @Nullable TraceRow pull() throws IOException {
    TraceRow first = ahead.poll();
    return first != null ? first : source.next();
  }

  /** The tick on which or after which a row lies. */
  private static long tickOf(TraceRow row) {
    return (row.atNanos() + TOLERANCE_NANOS) / TICK_NANOS;
  }
}
