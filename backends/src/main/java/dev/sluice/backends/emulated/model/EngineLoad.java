package dev.sluice.backends.emulated.model;

/**
 * How busy an engine is.
 *
 * @param running sequences that have a place in the batch or a slot
 * @param waiting sequences that wait for one, or have not reached the scheduler yet
 * @param pendingPrefillTokens prompt tokens not yet processed
 * @param memoryUsedRatio share of key-value blocks, or of slots, in use: 0 … 1
 */
public record EngineLoad(
    int running, int waiting, long pendingPrefillTokens, double memoryUsedRatio) {}
