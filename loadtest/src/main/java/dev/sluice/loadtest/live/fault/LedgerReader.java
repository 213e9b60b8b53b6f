package dev.sluice.loadtest.live.fault;

import dev.sluice.loadtest.report.BackendEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the books that an accelerator's processes wrote, the dead ones' too. */
final class LedgerReader {

  private final String backend;
  private final String label;
  private final List<BackendEntry> entries = new ArrayList<>();

  /** Those of the process that is being read of, by their number. */
  private final Map<Long, Generation> generations = new LinkedHashMap<>();

  private long processId;

  /** A generation as far as it has been read. */
  private static final class Generation {
    private final String requestId;
    private int firstIndex;
    private int tokens;
    private BackendEntry.@Nullable End end;

    private Generation(String requestId) {
      this.requestId = requestId;
    }
  }

  private LedgerReader(String backend, String label) {
    this.backend = backend;
    this.label = label;
  }

  /**
   * The generations of requests whose ids begin with {@code label}.
   *
   * @param aliveId id of the process that runs now; it may not have written yet
   */
  static List<BackendEntry> read(Path file, String backend, String label, long aliveId)
      throws IOException {
    return parse(Files.readAllLines(file), backend, label, aliveId);
  }

  static List<BackendEntry> parse(List<String> lines, String backend, String label, long aliveId)
      throws IOException {
    LedgerReader reader = new LedgerReader(backend, label);
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split(" ", -1);
      if (words.length == 5) {
        reader.take(words);
      } else if (i < lines.size() - 1) {
        // the last line of a file that is being written may be cut, no other
        throw new IOException(
            backend + ": line " + (i + 1) + " of its ledger has " + words.length + " words");
      }
    }
    boolean alive = reader.processId == aliveId;
    reader.endProcess(alive ? BackendEntry.End.RUNNING : BackendEntry.End.DIED);
    return reader.entries;
  }

  private void take(String[] words) throws IOException {
    if (words[1].equals("begin")) {
      endProcess(BackendEntry.End.DIED);
      processId = Long.parseLong(words[2]);
      return;
    }
    Generation generation =
        generations.computeIfAbsent(Long.parseLong(words[0]), _ -> new Generation(words[2]));
    switch (words[1]) {
      case "open" -> {}
      case "sends" -> {
        // also after an end: a token may be on its way while its caller gives up
        if (generation.tokens == 0) {
          generation.firstIndex = Integer.parseInt(words[3]);
        }
        generation.tokens += Integer.parseInt(words[4]);
      }
      case "refused" -> generation.end = BackendEntry.End.REFUSED;
      case "completed" -> generation.end = BackendEntry.End.COMPLETED;
      case "failed" -> generation.end = BackendEntry.End.FAILED;
      case "cancelled" -> generation.end = BackendEntry.End.CANCELLED;
      default -> throw new IOException(backend + ": its ledger tells of '" + words[1] + "'");
    }
  }

  private void endProcess(BackendEntry.End ofTheOpen) {
    for (Generation each : generations.values()) {
      if (each.requestId.startsWith(label)) {
        entries.add(
            new BackendEntry(
                backend,
                each.requestId,
                each.firstIndex,
                each.tokens,
                each.end == null ? ofTheOpen : each.end));
      }
    }
    generations.clear();
  }
}
