/**
 * Stage 7': carries out the attempt machine's commands: timers, backends. May see: {@code core},
 * {@code call}, {@code time}, the backend port.
 */
@NullMarked
package dev.sluice.gateway.dispatch;

import org.jspecify.annotations.NullMarked;
