/**
 * Faults in virtual time: the gateway's attempt machine, retry budget and decisions serve random
 * traffic on a random fleet of scripted backends that die, stall, lie and repeat themselves, token
 * by token; three books and an oracle must agree to the unit at the end.
 *
 * <p>Promises: a seed is one run, the same on every machine, event by event; faults are followed by
 * a time without, in which everything must settle; nothing here reads a clock. Backends are scripts
 * and no engines: what matters is when a token comes, not what it costs. May see: {@code
 * gateway.core}, {@code simulate.Progress}. Never a transport.
 */
@NullMarked
package dev.sluice.loadtest.simulate.fault;

import org.jspecify.annotations.NullMarked;
