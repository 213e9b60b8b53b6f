package dev.sluice.loadtest.simulate;

import dev.sluice.loadtest.workload.ArrivalProcess;
import dev.sluice.loadtest.workload.LengthDistribution;

/**
 * Requests that are drawn alike.
 *
 * @param demand what they ask for
 * @param perSecond how many come
 * @param arrivals how their gaps are drawn
 * @param prompt tokens of their prompts
 * @param output tokens of their answers
 */
record Traffic(
    Demand demand,
    double perSecond,
    ArrivalProcess arrivals,
    LengthDistribution prompt,
    LengthDistribution output) {}
