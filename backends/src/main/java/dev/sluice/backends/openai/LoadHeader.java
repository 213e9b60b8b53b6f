package dev.sluice.backends.openai;

import dev.sluice.backends.LoadReport;

/**
 * What an engine says of its load in a response's header, in the text form of ORCA: {@code TEXT
 * cpu_utilization=0.3, named_metrics.num_requests_waiting=2}.
 */
final class LoadHeader {

  /** The request's header that asks for it. */
  static final String FORMAT = "endpoint-load-metrics-format";

  /** The form that is read. */
  static final String TEXT = "text";

  /** The response's header. */
  static final String NAME = "endpoint-load-metrics";

  private static final String PREFIX = "TEXT ";
  private static final String NAMED = "named_metrics.";

  private LoadHeader() {}

  /**
   * The report that was {@code before}, with what {@code value} says under {@code names}; what is
   * no count there says nothing.
   */
  static LoadReport over(LoadReport before, String value, Preset.HeaderNames names) {
    double waiting = named(value, names.waiting());
    double cache = named(value, names.cache());
    return new LoadReport(
        before.running(),
        waiting >= 0 && waiting < Integer.MAX_VALUE ? (int) waiting : before.waiting(),
        before.pendingPrefillTokens(),
        cache >= 0 ? Math.min(cache, 1) : before.cacheUsedRatio());
  }

  /** The metric of this name; not a number when there is none, or it is none. */
  private static double named(String value, String name) {
    String pairs =
        value.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
            ? value.substring(PREFIX.length())
            : value;
    for (String pair : pairs.split(",", -1)) {
      String[] parts = pair.strip().split("=", 2);
      if (parts.length == 2 && parts[0].equals(NAMED + name)) {
        return number(parts[1]);
      }
    }
    return Double.NaN;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      return Double.NaN;
    }
  }
}
