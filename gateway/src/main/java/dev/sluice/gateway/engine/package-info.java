/**
 * The engines that the gateway starts itself: looks for their programs, starts them, starts them
 * again when they end, ends them with the gateway.
 *
 * <p>Promises: nothing waits for an engine, and one that is missing or fails harms nothing but its
 * backend; what an engine says is never in the gateway's log. May see: {@code config}, {@code
 * time}.
 */
@NullMarked
package dev.sluice.gateway.engine;

import org.jspecify.annotations.NullMarked;
