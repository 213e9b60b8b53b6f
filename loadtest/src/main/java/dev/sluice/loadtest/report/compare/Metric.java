package dev.sluice.loadtest.report.compare;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A figure that two reports are compared by. */
public enum Metric {
  /** Share of all arrivals that kept their budget. */
  ATTAINMENT("attainment", "attainment", true, 0),
  /** Requests a second that kept their budget. */
  GOODPUT("goodput", "goodput /s", true, 0),
  /** Median time to first token. */
  TTFT_P50("ttft_p50", "TTFT p50 ms", false, 0.5),
  /** Time to first token that one in a hundred exceeds. */
  TTFT_P99("ttft_p99", "TTFT p99 ms", false, 0.99),
  /** Median time per output token. */
  TPOT_P50("tpot_p50", "TPOT p50 ms", false, 0.5),
  /** Time per output token that one in a hundred exceeds. */
  TPOT_P99("tpot_p99", "TPOT p99 ms", false, 0.99),
  /** What a thousand requests within their budget cost. */
  COST("cost", "cost $ per 1000 met", false, 0);

  /** The metrics that are quantiles. */
  static final List<Metric> QUANTILES = List.of(TTFT_P50, TTFT_P99, TPOT_P50, TPOT_P99);

  private final String key;
  private final String title;
  private final boolean moreIsBetter;
  private final double probability;

  Metric(String key, String title, boolean moreIsBetter, double probability) {
    this.key = key;
    this.title = title;
    this.moreIsBetter = moreIsBetter;
    this.probability = probability;
  }

  /** The metric that users call so. */
  public static Metric parse(String key) {
    return Arrays.stream(values())
        .filter(metric -> metric.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "metric: %s (expected: one of %s)"
                        .formatted(
                            key,
                            Arrays.stream(values())
                                .map(Metric::key)
                                .collect(Collectors.joining(", ")))));
  }

  String key() {
    return key;
  }

  String title() {
    return title;
  }

  boolean moreIsBetter() {
    return moreIsBetter;
  }

  /** The probability of a quantile; 0 for the others. */
  double probability() {
    return probability;
  }

  boolean ofTtft() {
    return this == TTFT_P50 || this == TTFT_P99;
  }
}
