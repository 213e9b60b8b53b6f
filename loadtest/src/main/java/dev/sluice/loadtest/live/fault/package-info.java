/**
 * Faults in real time: a plan of what breaks when, local accelerator processes that it is done to,
 * and what the client, the gateway and the backends each have in their books afterwards.
 *
 * <p>Promises: every process that is started is ended, also when the run is interrupted; what is
 * killed was noted before. May see: {@code live}, {@code report}, {@code workload}, profiles and
 * the text and ways to misbehave of emulated accelerators, grpc, snakeyaml.
 */
@NullMarked
package dev.sluice.loadtest.live.fault;

import org.jspecify.annotations.NullMarked;
