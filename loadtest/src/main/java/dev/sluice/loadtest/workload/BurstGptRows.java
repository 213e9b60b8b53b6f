package dev.sluice.loadtest.workload;

import java.util.List;

/**
 * HPMLL/BurstGPT (Wang and others, "BurstGPT: A Real-world Workload Dataset to Optimize LLM Serving
 * Systems", KDD 2025): release 1 has {@code Timestamp,Model,Request tokens,Response tokens,Total
 * tokens,Log Type}, release 2 adds {@code Session ID} and {@code Elapsed time}. Times are seconds
 * on a clock that goes on from file to file. A request without response tokens has failed and is
 * dropped. Rows of the API have no session.
 */
final class BurstGptRows implements LineParser.OfFields {
  static final List<String> COLUMNS =
      List.of(
          "Timestamp", "Model", "Request tokens", "Response tokens", "Total tokens", "Log Type");

  private final TurnCounter turns = new TurnCounter();

  @Override
  public TraceLine read(CsvColumns columns) throws Malformed {
    long responseTokens = columns.wholeNumber("Response tokens");
    if (responseTokens == 0) {
      return new TraceLine.Unusable("failed request", "response tokens: 0 (expected: 1 …)");
    }
    TraceLine line =
        TraceLine.of(
            Decimals.nanos("Timestamp", columns.field("Timestamp"), 9),
            columns.wholeNumber("Request tokens"),
            responseTokens,
            PrefixBlocks.NONE);
    return line.with(
        Terms.ofClass(columns.field("Log Type")), turns.next(columns.field("Session ID")));
  }
}
