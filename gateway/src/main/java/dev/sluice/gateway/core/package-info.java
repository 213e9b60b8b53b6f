/**
 * The decision core: takes immutable inputs and the time, returns values, does nothing.
 *
 * <p>Promises: pure. No I/O, clock, thread, randomness of its own, logging, metrics, gRPC or proto,
 * so that the same classes run live and in virtual time. May see: {@code java.lang}, {@code
 * java.util}, {@code java.util.function}, {@code java.util.random}, {@code Duration}. The entry is
 * {@link dev.sluice.gateway.core.DecisionCore}; the stages are {@code admission} (3), {@code
 * selection} (4), {@code prediction} (5), {@code policy} (6) and {@code attempt} (7), over the
 * nouns of {@code request} and {@code fleet}.
 */
@NullMarked
package dev.sluice.gateway.core;

import org.jspecify.annotations.NullMarked;
