/**
 * What a run was and what came of it, live or in virtual time: its figures, the verdict on a live
 * run itself, and the files that tell them, in one schema.
 *
 * <p>Promises: a failure never improves a percentile, a percentile that the sample cannot carry is
 * withheld, and every figure counts all arrivals. No clock, no thread, no network; the HTML report
 * refers to nothing outside itself. May see: the JDK, {@code workload}, HdrHistogram, Jackson.
 */
@NullMarked
package dev.sluice.loadtest.report;

import org.jspecify.annotations.NullMarked;
