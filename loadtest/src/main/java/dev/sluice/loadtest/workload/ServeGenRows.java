package dev.sluice.loadtest.workload;

import java.util.List;

/**
 * Requests sampled from ServeGen's clients: {@code
 * timestamp_ms,client,input_tokens,output_tokens,reasoning_tokens}, where reasoning is a part of
 * the output.
 */
final class ServeGenRows implements LineParser.OfFields {
  static final List<String> COLUMNS =
      List.of("timestamp_ms", "client", "input_tokens", "output_tokens", "reasoning_tokens");

  @Override
  public TraceLine read(CsvColumns columns) throws Malformed {
    TraceLine line =
        TraceLine.of(
            Decimals.nanos("timestamp_ms", columns.field("timestamp_ms"), 6),
            columns.wholeNumber("input_tokens"),
            columns.wholeNumber("output_tokens"),
            PrefixBlocks.NONE);
    return line.with(Terms.ofTenant(columns.field("client")), Turn.NONE);
  }
}
