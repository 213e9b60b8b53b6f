package dev.sluice.backends;

/**
 * What a backend says of its own load.
 *
 * @param running generations that have a slot
 * @param waiting generations that wait for one
 * @param pendingPrefillTokens prompt tokens not yet processed
 * @param cacheUsedRatio share of the key-value cache in use, 0 … 1
 */
public record LoadReport(
    int running, int waiting, long pendingPrefillTokens, double cacheUsedRatio) {}
