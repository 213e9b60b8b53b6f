/**
 * The backend port: what the gateway needs of anything that can generate tokens or embed, and
 * nothing of how it does so.
 *
 * <p>Promises: engine-neutral (no gRPC, HTTP or hardware types), callback-driven (nothing here
 * blocks), pulled (a backend delivers only what was asked for). May see: the JDK and {@code
 * profile}. Implementations live in sub-packages, one per wire protocol, and are found through
 * {@link dev.sluice.backends.BackendFactory} by {@code ServiceLoader}.
 */
@NullMarked
package dev.sluice.backends;

import org.jspecify.annotations.NullMarked;
