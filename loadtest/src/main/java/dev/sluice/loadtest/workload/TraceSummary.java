package dev.sluice.loadtest.workload;

import java.util.List;
import java.util.Locale;

/**
 * What an importer found, as recorded: before a coarse clock is repaired.
 *
 * @param format what the file is
 * @param rows how many rows there were and what became of them
 * @param spanSeconds from the first request to the last
 * @param gapVariation coefficient of variation of the gaps: 1 for Poisson, more for bursts
 * @param input tokens of the prompts
 * @param output tokens of the answers
 * @param tickRepaired whether arrivals lay on the 3 s tick and have been spread
 */
public record TraceSummary(
    TraceFormat format,
    Rows rows,
    double spanSeconds,
    double gapVariation,
    TokenStatistics input,
    TokenStatistics output,
    boolean tickRepaired) {

  /**
   * How many rows were read and what became of them.
   *
   * @param read rows read, without header and blank lines
   * @param dropped rows that cannot be sent
   * @param drops the reason of each of the first dropped rows, as {@code file:line: reason}
   */
  public record Rows(int read, int dropped, List<String> drops) {
    /** Most dropped rows that are told one by one. */
    public static final int MAX_DROPS_TOLD = 20;

    public Rows {
      drops = List.copyOf(drops);
    }

    /** Rows that became requests. */
    public int kept() {
      return read - dropped;
    }
  }

  /** Requests per second over the span; 0 for a single request. */
  public double meanRate() {
    return spanSeconds > 0 ? rows.kept() / spanSeconds : 0;
  }

  /** The summary in one line. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s: %d rows, %d dropped, %.1f min, %.2f req/s, CV of gaps %.2f%s, input %s, output %s",
        format.title(),
        rows.read(),
        rows.dropped(),
        spanSeconds / 60,
        meanRate(),
        gapVariation,
        tickRepaired ? " (3 s tick, spread)" : "",
        describe(input),
        describe(output));
  }

  private static String describe(TokenStatistics tokens) {
    return String.format(
        Locale.ROOT,
        "%.0f / %.0f / %.0f / %.0f / %d",
        tokens.mean(),
        tokens.p50(),
        tokens.p90(),
        tokens.p99(),
        tokens.max());
  }
}
