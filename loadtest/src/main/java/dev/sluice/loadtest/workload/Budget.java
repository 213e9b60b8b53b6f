package dev.sluice.loadtest.workload;

import java.util.List;

/**
 * How long a request may take; a part of 0 is without limit.
 *
 * @param ttftNanos to the first token
 * @param tpotNanos for each token after the first, on average
 * @param totalNanos to the last token
 */
public record Budget(long ttftNanos, long tpotNanos, long totalNanos) {
  /** No limit at all. */
  public static final Budget NONE = new Budget(0, 0, 0);

  public Budget {
    if (ttftNanos < 0 || tpotNanos < 0 || totalNanos < 0) {
      throw new IllegalArgumentException(
          "budget: %d/%d/%d ns (expected: every part 0 or more)"
              .formatted(ttftNanos, tpotNanos, totalNanos));
    }
  }

  /** Whether times keep every part. */
  public boolean allows(long ttft, long tpot, long total) {
    return keeps(ttft, ttftNanos) && keeps(tpot, tpotNanos) && keeps(total, totalNanos);
  }

  private static boolean keeps(long nanos, long limitNanos) {
    return limitNanos == 0 || nanos <= limitNanos;
  }

  /** Reads {@code ttft:500ms,tpot:10ms,total:10s}; every part may be left out, but not all. */
  public static Budget parse(String text) {
    long ttft = 0;
    long tpot = 0;
    long total = 0;
    for (String part : List.of(text.split(",", -1))) {
      int colon = part.indexOf(':');
      String key = colon < 0 ? part : part.substring(0, colon);
      String value = colon < 0 ? "" : part.substring(colon + 1);
      switch (key.strip()) {
        case "ttft" -> ttft = Spans.parseNanos("ttft", value.strip());
        case "tpot" -> tpot = Spans.parseNanos("tpot", value.strip());
        case "total" -> total = Spans.parseNanos("total", value.strip());
        default ->
            throw new IllegalArgumentException(
                "budget: " + text + " (expected: ttft:500ms,tpot:10ms,total:10s or a part of it)");
      }
    }
    return new Budget(ttft, tpot, total);
  }
}
