/**
 * The gateway in virtual time: its own core and its own emulated engines on one queue of events, so
 * that a policy is tried on days of traffic in seconds.
 *
 * <p>Promises: equal inputs and an equal seed give equal results, byte for byte, on every machine;
 * the core sees what it sees live, its own books and late reports, and never an engine; memory does
 * not grow with the length of a run; nothing here reads a clock. May see: {@code gateway.core},
 * {@code gateway.config}, {@code backends.emulated} with its {@code model}, {@code
 * backends.profile}, {@code workload}, {@code report}. Never a transport.
 */
@NullMarked
package dev.sluice.loadtest.simulate;

import org.jspecify.annotations.NullMarked;
