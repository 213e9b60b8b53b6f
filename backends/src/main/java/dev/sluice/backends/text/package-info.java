/**
 * What the adapters share that get text and have to make tokens of it: whole characters, and counts
 * where the engine tells none.
 *
 * <p>May see: the backend port, jtokkit. Knows none of the adapters.
 */
@NullMarked
package dev.sluice.backends.text;

import org.jspecify.annotations.NullMarked;
