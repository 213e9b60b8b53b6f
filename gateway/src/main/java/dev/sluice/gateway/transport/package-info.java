/**
 * Stage 1: gRPC in, and what the fronts share. Deadline, metadata and message become an {@link
 * dev.sluice.gateway.call.InboundCall}; a failure becomes a status, and only here. May see: {@code
 * core}, {@code call}, {@code config}, {@code time}, gRPC, {@code dev.sluice.v1}.
 */
@NullMarked
package dev.sluice.gateway.transport;

import org.jspecify.annotations.NullMarked;
