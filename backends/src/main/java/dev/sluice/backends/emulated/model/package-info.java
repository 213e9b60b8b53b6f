/**
 * Service-time models of accelerators: a continuous-batching engine and a slot engine.
 *
 * <p>Pure: time and chance are arguments, there is no I/O, thread, lock or log. The same classes
 * run in real time behind an emulated backend and in virtual time in the simulator. May see: {@code
 * profile}.
 */
@NullMarked
package dev.sluice.backends.emulated.model;

import org.jspecify.annotations.NullMarked;
