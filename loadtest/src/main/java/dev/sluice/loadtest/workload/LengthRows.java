package dev.sluice.loadtest.workload;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Lengths without arrivals, as microsoft/vidur publishes them: {@code
 * num_prefill_tokens,num_decode_tokens,…}. Arrivals are drawn: Poisson, from 0.
 */
final class LengthRows implements LineParser.OfFields {
  static final List<String> COLUMNS = List.of("num_prefill_tokens", "num_decode_tokens");

  private final ArrivalProcess arrivals = new ArrivalProcess.Poisson();
  private final SplittableRandom random;
  private final double meanGapNanos;
  private double atNanos;

  LengthRows(double rate, long seed) {
    meanGapNanos = 1e9 / rate;
    random = new SplittableRandom(seed);
  }

  @Override
  public TraceLine read(CsvColumns columns) throws Malformed {
    TraceLine line =
        TraceLine.of(
            Math.round(atNanos),
            columns.wholeNumber("num_prefill_tokens"),
            columns.wholeNumber("num_decode_tokens"),
            PrefixBlocks.NONE);
    if (line instanceof TraceLine.Parsed) {
      atNanos += meanGapNanos * arrivals.drawGap(random);
    }
    return line;
  }
}
