package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What tests of traces share. */
final class TraceFixtures {
  private TraceFixtures() {}

  /** The summary of rows that were made by a test. */
  static TraceSummary summary(List<TraceRow> rows) {
    ProfileMeter meter = new ProfileMeter();
    TokenCounts input = new TokenCounts();
    TokenCounts output = new TokenCounts();
    for (TraceRow row : rows) {
      meter.add(row);
      input.add(row.inputTokens());
      output.add(row.outputTokens());
    }
    return new TraceSummary(
        TraceFormat.MOONCAKE_JSONL,
        List.of(),
        new TraceSummary.Rows(rows.size(), 0, List.of(), Map.of(), 0, 0, 0),
        meter.profile(),
        meter.profile(),
        new TraceSummary.Tokens(input.statistics(), output.statistics()),
        false);
  }

  /** All rows of a trace. */
  static List<TraceRow> rows(TraceSource source) throws IOException {
    try (TraceCursor cursor = source.open()) {
      return drain(cursor);
    }
  }

  /** The rows that a cursor has left. */
  static List<TraceRow> drain(TraceCursor cursor) throws IOException {
    List<TraceRow> rows = new ArrayList<>();
    for (TraceRow row = cursor.next(); row != null; row = cursor.next()) {
      rows.add(row);
    }
    return rows;
  }
}
