package dev.sluice.loadtest.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;

/**
 * A trace, ready to be scheduled.
 *
 * @param file its name
 * @param sha256 checksum of the file
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
   * Reads a trace of any known format, line by line.
   *
   * @param seed of the draw that spreads a coarse tick
   * @throws TraceException when the file has no known format or no usable row
   */
  public static Trace read(Path path, long seed) throws IOException {
    MessageDigest digest = Checksums.sha256();
    String file = String.valueOf(path.getFileName());
    try (InputStream raw = Files.newInputStream(path);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    new DigestInputStream(raw, digest), StandardCharsets.UTF_8))) {
      TraceReader.Content content = new TraceReader(file, reader).read(seed);
      return new Trace(file, Checksums.hex(digest), content.rows(), content.summary());
    } catch (NoSuchFileException _) {
      throw new TraceException(path + ": no such file");
    }
  }
}
