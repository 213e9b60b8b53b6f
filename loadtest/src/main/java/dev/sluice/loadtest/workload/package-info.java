/**
 * What is asked, when and by whom: traces, arrival processes, lengths, classes and the schedule
 * that comes of them.
 *
 * <p>Promises: pure and seeded. Equal inputs and an equal seed give an equal schedule, byte for
 * byte; nothing here reads a clock, starts a thread or keeps state between calls. A trace is read
 * row by row and never held as text; reading one that is recorded in the order of time takes memory
 * that does not grow with it. May see: the JDK.
 */
@NullMarked
package dev.sluice.loadtest.workload;

import org.jspecify.annotations.NullMarked;
