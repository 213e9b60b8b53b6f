package dev.sluice.loadtest.report;

/**
 * What the gateway expected of a request; times are medians but for those that say P90, and 0 where
 * it said none.
 *
 * @param probability that every part of the budget is met
 * @param ttftP90Nanos what the time to the first token stays within in nine of ten cases
 * @param tpotP90Nanos what the time per token stays within in nine of ten cases
 */
public record Forecast(
    long ttftNanos,
    long tpotNanos,
    long totalNanos,
    double probability,
    long ttftP90Nanos,
    long tpotP90Nanos) {}
