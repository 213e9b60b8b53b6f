/**
 * Stage 9: passes the token stream on, checks that it is whole, stops pulling when the caller does
 * not read. May see: {@code core}, {@code call}, {@code time}, the backend port's sink.
 */
@NullMarked
package dev.sluice.gateway.relay;

import org.jspecify.annotations.NullMarked;
