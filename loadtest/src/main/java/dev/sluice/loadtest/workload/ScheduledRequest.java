package dev.sluice.loadtest.workload;

/**
 * One request to send.
 *
 * @param index its place in the schedule
 * @param intendedNanos when it is to be sent, since the start of the run
 * @param inputTokens tokens of its prompt
 * @param outputTokens tokens of its answer
 * @param serviceClass its class, with the budget it carries
 * @param seed of its prompt
 * @param prefix identity of its prompt
 */
public record ScheduledRequest(
    int index,
    long intendedNanos,
    int inputTokens,
    int outputTokens,
    ServiceClass serviceClass,
    long seed,
    PrefixBlocks prefix) {}
