/**
 * The server of an accelerator process: {@code sluice.v1.Inference}, health and reflection over any
 * one backend.
 *
 * <p>Promises: event loops never block; a slow reader slows its own stream only; a call that its
 * caller gave up ends at the backend; every error carries its reason as google.rpc.ErrorInfo. May
 * see: the backend port, {@code profile}, {@code dev.sluice.v1}, gRPC.
 */
@NullMarked
package dev.sluice.backends.emulated.server;

import org.jspecify.annotations.NullMarked;
