package dev.sluice.loadtest.report;

/**
 * What the gateway expected of a request; times are medians, 0 where it said none.
 *
 * @param probability that every part of the budget is met
 */
public record Forecast(long ttftNanos, long tpotNanos, long totalNanos, double probability) {}
