/**
 * The fleet as it is now: applies observations, one snapshot at a time. May see: {@code core},
 * {@code call}, {@code time}.
 */
@NullMarked
package dev.sluice.gateway.registry;

import org.jspecify.annotations.NullMarked;
