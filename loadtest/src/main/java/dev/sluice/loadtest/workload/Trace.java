package dev.sluice.loadtest.workload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A trace in memory, ready to be scheduled.
 *
 * @param file its name
 * @param sha256 checksum of the file; of several, checksum of their checksums
 * @param rows its requests in the order of their arrival, in time since the first one or its tick;
 *     never empty
 * @param summary what was found
 */
public record Trace(String file, String sha256, List<TraceRow> rows, TraceSummary summary) {
  public Trace {
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new TraceException(file + ": no usable row (expected: at least one)");
    }
  }

  /**
   * Reads a trace of any known format.
   *
   * @param seed of every draw that the trace needs
   * @throws TraceException when the file has no known format or no usable row
   */
  public static Trace read(Path path, long seed) throws IOException {
    return read(new TraceSource(List.of(path), TraceOptions.seeded(seed)));
  }

  /** Reads all of a trace into memory. */
  public static Trace read(TraceSource source) throws IOException {
    List<TraceRow> rows = new ArrayList<>();
    try (TraceCursor cursor = source.open()) {
      for (TraceRow row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(row);
      }
      TraceSummary summary = cursor.summary();
      String names =
          summary.files().stream()
              .map(TraceSummary.TraceFile::name)
              .collect(Collectors.joining(", "));
      return new Trace(names, checksum(summary.files()), rows, summary);
    }
  }

  private static String checksum(List<TraceSummary.TraceFile> files) {
    if (files.size() == 1) {
      return files.getFirst().sha256();
    }
    MessageDigest digest = Checksums.sha256();
    for (TraceSummary.TraceFile file : files) {
      digest.update(file.sha256().getBytes(StandardCharsets.UTF_8));
    }
    return Checksums.hex(digest);
  }
}
