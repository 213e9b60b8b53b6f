package dev.sluice.loadtest.simulate.fault;

import org.jspecify.annotations.Nullable;

/**
 * What came of one seed.
 *
 * @param seed the seed
 * @param tally what was counted
 * @param traceHash stands for all that happened, event by event
 * @param violation which promise was broken and when; null: none
 */
public record SeedResult(long seed, Tally tally, long traceHash, @Nullable String violation) {}
