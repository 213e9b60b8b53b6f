/**
 * Stage 7: what to do when an attempt begins, delivers, falls silent, fails or is given up: one
 * state machine, events in, commands out. May see: {@code request}, {@code fleet}, {@code
 * prediction}, {@code policy}.
 */
@NullMarked
package dev.sluice.gateway.core.attempt;

import org.jspecify.annotations.NullMarked;
