/**
 * What the adapters over gRPC share: connections, what the end of a call means, and the hand-over
 * of chunks to a sink.
 *
 * <p>May see: the backend port, {@code backends.tls}, gRPC. Knows none of the adapters.
 */
@NullMarked
package dev.sluice.backends.grpc;

import org.jspecify.annotations.NullMarked;
