package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Counts by time of arrival in at most {@value #SLICES} slices of equal width. When a request falls
 * behind the last of them, neighbours are joined and the width doubles, so that the memory stays
 * the same however long the run is, and a long run fills more than half of the slices.
 */
final class SliceTally {
  static final int SLICES = 120;

  /** 65 µs: shorter than any run, so that every run fills more than half of the slices. */
  private static final long FIRST_WIDTH_NANOS = 1 << 16;

  private long widthNanos = FIRST_WIDTH_NANOS;
  private int used;
  private final long[] requests = new long[SLICES];
  private final long[] met = new long[SLICES];
  private final TreeMap<String, long[]> completed = new TreeMap<>();

  void add(SimulatedOutcome outcome) {
    while (outcome.arrival().arrivalNanos() / widthNanos >= SLICES) {
      joinNeighbours();
    }
    int slice = (int) (outcome.arrival().arrivalNanos() / widthNanos);
    used = Math.max(used, slice + 1);
    requests[slice]++;
    met[slice] += outcome.met() ? 1 : 0;
    if (outcome.fate() instanceof SimulatedOutcome.Fate.Completed) {
      completed.computeIfAbsent(outcome.placement().accelerator(), _ -> new long[SLICES])[slice]++;
    }
  }

  private void joinNeighbours() {
    join(requests);
    join(met);
    completed.values().forEach(SliceTally::join);
    widthNanos *= 2;
    used = (used + 1) / 2;
  }

  private static void join(long[] counts) {
    for (int slice = 0; slice < SLICES; slice++) {
      counts[slice] = 2 * slice < SLICES ? counts[2 * slice] + counts[2 * slice + 1] : 0;
    }
  }

  long widthNanos() {
    return widthNanos;
  }

  List<TimeSlice> slices() {
    List<TimeSlice> slices = new ArrayList<>();
    for (int slice = 0; slice < used; slice++) {
      SequencedMap<String, Long> kinds = new LinkedHashMap<>();
      for (var kind : completed.entrySet()) {
        kinds.put(kind.getKey(), kind.getValue()[slice]);
      }
      slices.add(new TimeSlice(requests[slice], met[slice], kinds));
    }
    return slices;
  }

  /** Requests that were answered, by the kind that served them. */
  SequencedMap<String, Long> completedByAccelerator() {
    SequencedMap<String, Long> kinds = new LinkedHashMap<>();
    completed.forEach((kind, counts) -> kinds.put(kind, sum(counts)));
    return kinds;
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
