package dev.sluice.gateway.core.prediction;

/**
 * What to expect of a deployment for one request; times are in nanoseconds, and medians but for
 * those that say P90, which are kept in nine of ten cases.
 *
 * @param firstTokenNanos time to the first token
 * @param perTokenNanos mean time per token after it
 * @param totalNanos time to the last token, for the expected length
 * @param probability that every part of the budget is met, 0 … 1
 * @param firstTokenP90Nanos time to the first token; at least the median
 * @param perTokenP90Nanos mean time per token after it; at least the median
 */
public record Forecast(
    double firstTokenNanos,
    double perTokenNanos,
    double totalNanos,
    double probability,
    double firstTokenP90Nanos,
    double perTokenP90Nanos) {}
