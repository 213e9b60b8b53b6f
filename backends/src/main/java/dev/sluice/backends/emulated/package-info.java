/**
 * Emulated accelerators, in process or as a server of their own.
 *
 * <p>May see: the backend port, {@code profile}, {@code emulated.model}; gRPC only in the server.
 * All engines of a process run on one thread, {@link dev.sluice.backends.emulated.ClockThread}'s;
 * sinks are called on it. The service-time models themselves are in {@code model} and are pure.
 */
@NullMarked
package dev.sluice.backends.emulated;

import org.jspecify.annotations.NullMarked;
