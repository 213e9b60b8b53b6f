package dev.sluice.loadtest.workload;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an importer found.
 *
 * @param format what the files are
 * @param files what was read
 * @param rows how many rows there were and what became of them
 * @param recorded shape of the trace as recorded: before a coarse clock is repaired
 * @param given shape of what was handed out: repaired and scaled
 * @param tokens lengths as recorded
 * @param tickRepaired whether arrivals lay on the 3 s tick and have been spread
 */
public record TraceSummary(
    TraceFormat format,
    List<TraceFile> files,
    Rows rows,
    TraceProfile recorded,
    TraceProfile given,
    Tokens tokens,
    boolean tickRepaired) {
  /**
   * One file of a trace.
   *
   * @param name without its folder
   * @param sha256 checksum; empty when the file was not read to its end
   */
  public record TraceFile(String name, String sha256) {}

  /** Tokens of prompts and of answers. */
  public record Tokens(TokenStatistics input, TokenStatistics output) {}

  /**
   * How many rows were read and what became of them.
   *
   * @param read rows read, without header and blank lines
   * @param dropped rows that cannot be sent
   * @param drops the reason of each of the first dropped rows, as {@code file:line: reason}
   * @param reasons how many rows were dropped for each kind of reason, in order of appearance
   * @param reordered rows that came after later ones and were put in their place
   * @param raised answers without any token that became answers of one
   * @param aboveContext rows whose prompt and answer exceed the given context; they are kept
   */
  public record Rows(
      int read,
      int dropped,
      List<String> drops,
      Map<String, Integer> reasons,
      int reordered,
      int raised,
      int aboveContext) {
    /** Most dropped rows that are told one by one. */
    public static final int MAX_DROPS_TOLD = 20;

    public Rows {
      drops = List.copyOf(drops);
      reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
    }

    /** Rows that became requests. */
    public int kept() {
      return read - dropped;
    }
  }

  public TraceSummary {
    files = List.copyOf(files);
  }

  /** From the first request to the last, as recorded. */
  public double spanSeconds() {
    return recorded.spanSeconds();
  }

  /** Coefficient of variation of the gaps, as recorded. */
  public double gapVariation() {
    return recorded.gapVariation();
  }

  /** Requests per second over the span, as recorded; 0 for a single request. */
  public double meanRate() {
    return recorded.meanRate();
  }

  /** Tokens of the prompts. */
  public TokenStatistics input() {
    return tokens.input();
  }

  /** Tokens of the answers. */
  public TokenStatistics output() {
    return tokens.output();
  }

  /** The same with the shape of what a scaling handed out. */
  TraceSummary giving(TraceProfile scaled) {
    return new TraceSummary(format, files, rows, recorded, scaled, tokens, tickRepaired);
  }

  /** The summary in one line. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s: %d rows, %d dropped%s, %.1f min, %.2f req/s, CV of gaps %.2f%s, %.0f %% follow-up"
            + " turns, input %s, output %s",
        format.title(),
        rows.read(),
        rows.dropped(),
        describeRest(),
        spanSeconds() / 60,
        meanRate(),
        gapVariation(),
        tickRepaired ? " (3 s tick, spread)" : "",
        100 * recorded.followUpShare(),
        describe(input()),
        describe(output()));
  }

  private String describeRest() {
    StringBuilder rest = new StringBuilder();
    if (!rows.reasons().isEmpty()) {
      rest.append(' ').append(rows.reasons());
    }
    append(rest, rows.reordered(), "put in order");
    append(rest, rows.raised(), "with an answer of 0 tokens, sent as 1");
    append(rest, rows.aboveContext(), "above the context");
    return rest.toString();
  }

  private static void append(StringBuilder rest, int count, String what) {
    if (count > 0) {
      rest.append(", ").append(count).append(' ').append(what);
    }
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
