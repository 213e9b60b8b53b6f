/**
 * The gateway. Read {@link dev.sluice.gateway.RequestPath} first: it names the stages of a request,
 * top to bottom.
 *
 * <p>The order of the stages: 1 {@code transport}, 3 {@code core.admission}, 4 {@code
 * core.selection}, 5 {@code core.prediction}, 6 {@code core.policy}, 7 {@code core.attempt} carried
 * out by {@code dispatch}, 9 {@code relay}, 10 {@code accounting}. This root package wires and is
 * the only one that sees everything.
 */
@NullMarked
package dev.sluice.gateway;

import org.jspecify.annotations.NullMarked;
