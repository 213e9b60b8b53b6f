package dev.sluice.loadtest.workload;

import java.util.List;

/** The gaps between arrivals. */
final class Gaps {
  private Gaps() {}

  /** Coefficient of variation of the gaps between rows in order; 0 when there are none. */
  static double variation(List<TraceRow> rows) {
    int gaps = rows.size() - 1;
    double mean =
        gaps < 1 ? 0 : (double) (rows.getLast().atNanos() - rows.getFirst().atNanos()) / gaps;
    if (mean == 0) {
      return 0;
    }
    double squares = 0;
    for (int i = 0; i < gaps; i++) {
      double difference = rows.get(i + 1).atNanos() - rows.get(i).atNanos() - mean;
      squares += difference * difference;
    }
    return Math.sqrt(squares / gaps) / mean;
  }
}
