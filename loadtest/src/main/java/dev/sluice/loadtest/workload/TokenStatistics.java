package dev.sluice.loadtest.workload;

/** Mean, quantiles (linear between order statistics) and maximum of a token count. */
public record TokenStatistics(double mean, double p50, double p90, double p99, int max) {}
