package dev.sluice.loadtest.workload;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Azure/AzurePublicDataset: {@code TIMESTAMP,ContextTokens,GeneratedTokens} of 2023 and 2024, wall
 * clock of 100 ns or 1 µs; the multimodal trace of 2025 adds {@code NumImages}, which stays unread:
 * its context tokens count what the model saw.
 */
final class AzureRows implements LineParser.OfFields {
  static final List<String> COLUMNS = List.of("TIMESTAMP", "ContextTokens", "GeneratedTokens");

  private static final long DAY_NANOS = 86_400_000_000_000L;

  @Override
  public TraceLine read(CsvColumns columns) throws Malformed {
    return TraceLine.of(
        wallNanos(columns.field("TIMESTAMP")),
        columns.wholeNumber("ContextTokens"),
        columns.wholeNumber("GeneratedTokens"),
        PrefixBlocks.NONE);
  }

  private static long wallNanos(String text) throws Malformed {
    String standard = text.replace(' ', 'T');
    boolean hasOffset = text.endsWith("Z") || text.lastIndexOf('+') > 0;
    LocalDateTime time;
    try {
      time =
          hasOffset
              ? OffsetDateTime.parse(standard)
                  .withOffsetSameInstant(ZoneOffset.UTC)
                  .toLocalDateTime()
              : LocalDateTime.parse(standard);
    } catch (DateTimeException _) {
      throw new Malformed("TIMESTAMP: " + text + " (expected: 2023-11-16 18:17:03.9799600)");
    }
    return time.toLocalDate().toEpochDay() * DAY_NANOS + time.toLocalTime().toNanoOfDay();
  }
}
