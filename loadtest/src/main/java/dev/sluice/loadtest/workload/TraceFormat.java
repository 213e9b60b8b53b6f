package dev.sluice.loadtest.workload;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/** A published trace format; which one a file has is told by its first line. */
public enum TraceFormat {
  /** {@code TIMESTAMP,ContextTokens,GeneratedTokens}, wall clock of 100 ns. */
  AZURE_CSV("Azure CSV", true) {
    @Override
    TraceLine parse(String line) {
      List<String> fields = fields(line);
      if (fields.size() < 3 || fields.size() > 4) {
        return TraceLine.Unusable.broken(fields.size() + " fields (expected: 3)");
      }
      long atNanos;
      try {
        atNanos = wallNanos(fields.get(0).strip().replace(' ', 'T'));
      } catch (DateTimeException _) {
        return TraceLine.Unusable.broken(
            "TIMESTAMP: " + fields.get(0) + " (expected: 2023-11-16 18:17:03.9799600)");
      }
      return lengths(atNanos, fields.get(1), fields.get(2));
    }
  },
  /** One JSON object a line with {@code timestamp} in ms and {@code hash_ids}. */
  MOONCAKE_JSONL("Mooncake JSONL", false) {
    @Override
    TraceLine parse(String line) {
      return MooncakeLine.parse(line);
    }
  },
  /** {@code timestamp_ms,client,input_tokens,output_tokens,reasoning_tokens}. */
  SERVEGEN_CSV("ServeGen CSV", true) {
    @Override
    TraceLine parse(String line) {
      List<String> fields = fields(line);
      if (fields.size() != 5) {
        return TraceLine.Unusable.broken(fields.size() + " fields (expected: 5)");
      }
      try {
        long atNanos = Math.multiplyExact(Long.parseLong(fields.get(0).strip()), 1_000_000L);
        return lengths(atNanos, fields.get(2), fields.get(3));
      } catch (NumberFormatException | ArithmeticException _) {
        return TraceLine.Unusable.broken(
            "timestamp_ms: " + fields.get(0) + " (expected: whole milliseconds)");
      }
    }
  };

  private static final long DAY_NANOS = 86_400_000_000_000L;
  private static final String AZURE_HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
  private static final String SERVEGEN_HEADER =
      "timestamp_ms,client,input_tokens,output_tokens,reasoning_tokens";

  private final String title;
  private final boolean headed;

  TraceFormat(String title, boolean headed) {
    this.title = title;
    this.headed = headed;
  }

  /** Its name for people. */
  public String title() {
    return title;
  }

  /** Whether the first line is a header. */
  boolean headed() {
    return headed;
  }

  abstract TraceLine parse(String line);

  /** The format of a file with this first line. */
  static TraceFormat detect(String file, String firstLine) {
    String line = firstLine.strip();
    if (line.equals(AZURE_HEADER) || line.equals(AZURE_HEADER + ",NumImages")) {
      return AZURE_CSV;
    }
    if (line.equals(SERVEGEN_HEADER)) {
      return SERVEGEN_CSV;
    }
    if (line.startsWith("{") && line.contains("\"timestamp\"") && line.contains("\"input_length")) {
      return MOONCAKE_JSONL;
    }
    String shown = line.length() > 80 ? line.substring(0, 80) + "…" : line;
    throw new TraceException(
        "%s:1: first line \"%s\" (expected: the header %s or %s, or Mooncake JSON lines)"
            .formatted(file, shown, AZURE_HEADER, SERVEGEN_HEADER));
  }

  private static List<String> fields(String line) {
    return List.of(line.split(",", -1));
  }

  private static TraceLine lengths(long atNanos, String input, String output) {
    try {
      return TraceLine.of(
          atNanos,
          Long.parseLong(input.strip()),
          Long.parseLong(output.strip()),
          PrefixBlocks.NONE);
    } catch (NumberFormatException _) {
      return TraceLine.Unusable.broken(
          "tokens: " + input + ", " + output + " (expected: two whole numbers)");
    }
  }

  private static long wallNanos(String text) {
    boolean hasOffset = text.endsWith("Z") || text.lastIndexOf('+') > 0;
    LocalDateTime time =
        hasOffset
            ? OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
            : LocalDateTime.parse(text);
    return time.toLocalDate().toEpochDay() * DAY_NANOS + time.toLocalTime().toNanoOfDay();
  }
}
