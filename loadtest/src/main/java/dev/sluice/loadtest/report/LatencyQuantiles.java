package dev.sluice.loadtest.report;

/** The quantiles that are told of a measure; failures count as values without end. */
public record LatencyQuantiles(Quantile p50, Quantile p90, Quantile p99) {
  static LatencyQuantiles of(LatencyTally tally) {
    return new LatencyQuantiles(tally.quantile(0.5), tally.quantile(0.9), tally.quantile(0.99));
  }
}
