/**
 * Load in real time: an open loop over gRPC that sends when the schedule says, whatever became of
 * earlier requests.
 *
 * <p>Promises: dispatch never waits for an answer, nothing is dropped in silence, and every
 * scheduled request gets exactly one result. One thread paces; answers are timed on the transport's
 * event loops, without hand-over. May see: {@code workload}, {@code report}, grpc, HdrHistogram.
 */
@NullMarked
package dev.sluice.loadtest.live;

import org.jspecify.annotations.NullMarked;
