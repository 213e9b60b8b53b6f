/**
 * The adapter for {@code sluice.v1} over gRPC: emulated accelerators that run as processes of their
 * own, and other gateways, so that gateways chain.
 *
 * <p>May see: the backend port, {@code backends.grpc}, {@code dev.sluice.v1}, gRPC.
 */
@NullMarked
package dev.sluice.backends.sluice;

import org.jspecify.annotations.NullMarked;
