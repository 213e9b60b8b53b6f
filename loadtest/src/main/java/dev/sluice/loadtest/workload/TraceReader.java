package dev.sluice.loadtest.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over a trace: rows kept, rows dropped and why, statistics, repair of a coarse clock. */
final class TraceReader {
  /** What one pass yields. */
  record Content(List<TraceRow> rows, TraceSummary summary) {}

  private final String file;
  private final BufferedReader reader;
  private final List<TraceRow> rows = new ArrayList<>();
  private final List<String> drops = new ArrayList<>();
  private int read;
  private int dropped;
  private int lineNumber;

  TraceReader(String file, BufferedReader reader) {
    this.file = file;
    this.reader = reader;
  }

  Content read(long seed) throws IOException {
    String first = nextLine();
    if (first == null) {
      throw new TraceException(file + ":1: empty file (expected: a trace)");
    }
    TraceFormat format = TraceFormat.detect(file, first);
    for (String line = format.headed() ? nextLine() : first; line != null; line = nextLine()) {
      take(format.parse(line));
    }
    if (rows.isEmpty()) {
      throw new TraceException(
          file + ": no usable row" + (drops.isEmpty() ? "" : ", first: " + drops.getFirst()));
    }
    return finish(format, seed);
  }

  private Content finish(TraceFormat format, long seed) {
    long originNanos = rows.getFirst().atNanos();
    rows.replaceAll(row -> row.at(row.atNanos() - originNanos));
    boolean ticked = format == TraceFormat.MOONCAKE_JSONL && CoarseTick.governs(rows);
    TraceSummary summary =
        new TraceSummary(
            format,
            new TraceSummary.Rows(read, dropped, drops),
            rows.getLast().atNanos() / 1e9,
            Gaps.variation(rows),
            TokenStatistics.of(rows, TraceRow::inputTokens),
            TokenStatistics.of(rows, TraceRow::outputTokens),
            ticked);
    return new Content(ticked ? CoarseTick.spread(rows, seed) : rows, summary);
  }

  private @Nullable String nextLine() throws IOException {
    String line;
    do {
      line = reader.readLine();
      lineNumber++;
    } while (line != null && line.isBlank());
    return line;
  }

  private void take(TraceLine line) {
    read++;
    switch (line) {
      case TraceLine.Parsed(TraceRow row) -> takeInOrder(row);
      case TraceLine.Unusable(String kind, String detail) -> drop(kind, detail);
    }
  }

  private void takeInOrder(TraceRow row) {
    if (!rows.isEmpty() && row.atNanos() < rows.getLast().atNanos()) {
      long backMillis = (rows.getLast().atNanos() - row.atNanos() + 999_999) / 1_000_000;
      drop("out of order", backMillis + " ms before the row above (expected: time goes forward)");
      return;
    }
    rows.add(row);
  }

  private void drop(String kind, String detail) {
    dropped++;
    if (drops.size() < TraceSummary.Rows.MAX_DROPS_TOLD) {
      drops.add(file + ":" + lineNumber + ": " + kind + ": " + detail);
    }
  }
}
