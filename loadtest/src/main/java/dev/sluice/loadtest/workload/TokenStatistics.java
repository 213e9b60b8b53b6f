package dev.sluice.loadtest.workload;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** Mean, quantiles (linear between order statistics) and maximum of a token count. */
public record TokenStatistics(double mean, double p50, double p90, double p99, int max) {
  static TokenStatistics of(List<TraceRow> rows, ToIntFunction<TraceRow> tokens) {
    int[] sorted = rows.stream().mapToInt(tokens).sorted().toArray();
    return new TokenStatistics(
        Arrays.stream(sorted).average().orElse(0),
        quantile(sorted, 0.5),
        quantile(sorted, 0.9),
        quantile(sorted, 0.99),
        sorted[sorted.length - 1]);
  }

  private static double quantile(int[] sorted, double probability) {
    double rank = probability * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }
}
