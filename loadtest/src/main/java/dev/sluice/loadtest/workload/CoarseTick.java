package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The 3 s tick on which the arrivals of the Mooncake conversation trace were recorded. Replayed as
 * they stand, they would come in clusters of ten that never were; spread uniformly over the 3 s
 * that follow, they come as they may have.
 */
final class CoarseTick {
  private static final long TICK_NANOS = 3_000_000_000L;

  /** The recorder's clock strayed by 1 ms; twice that still lets 2 rows in 1 500 pass by chance. */
  private static final long TOLERANCE_NANOS = 2_000_000L;

  /** Fewer rows than this can lie on the tick by chance, for instance all at 0. */
  private static final int LEAST_ROWS = 20;

  private CoarseTick() {}

  static boolean governs(List<TraceRow> rows) {
    return rows.size() >= LEAST_ROWS && rows.stream().allMatch(CoarseTick::onTick);
  }

  private static boolean onTick(TraceRow row) {
    long past = row.atNanos() % TICK_NANOS;
    return Math.min(past, TICK_NANOS - past) <= TOLERANCE_NANOS;
  }

  /** The rows with the requests of each tick spread over the 3 s that follow, order kept. */
  static List<TraceRow> spread(List<TraceRow> rows, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<TraceRow> spread = new ArrayList<>(rows.size());
    for (int start = 0; start < rows.size(); ) {
      int end = start + 1;
      long tick = tickOf(rows.get(start));
      while (end < rows.size() && tickOf(rows.get(end)) == tick) {
        end++;
      }
      long[] offsets = random.longs(end - start, 0, TICK_NANOS).toArray();
      Arrays.sort(offsets);
      for (int i = start; i < end; i++) {
        spread.add(rows.get(i).at(tick * TICK_NANOS + offsets[i - start]));
      }
      start = end;
    }
    return spread;
  }

  private static long tickOf(TraceRow row) {
    return Math.round(row.atNanos() / (double) TICK_NANOS);
  }
}
