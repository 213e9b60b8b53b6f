/**
 * Stage 1 over the Open Inference Protocol v2: tensors in and out, as clients of Triton and KServe
 * speak. What is asked becomes an {@link dev.sluice.gateway.call.InboundCall} and goes the way of
 * every other; this front adds no decision. May see: what {@code transport} shares between the
 * fronts, {@code core}, {@code call}, {@code time}, gRPC, {@code dev.sluice.inference}, {@code
 * dev.sluice.v1} to decode what a backend encoded. Runs on the event loops and never blocks.
 */
@NullMarked
package dev.sluice.gateway.transport.oip;

import org.jspecify.annotations.NullMarked;
