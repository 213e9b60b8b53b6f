/**
 * The clairvoyant bound: between which values lies what the best schedule could attain if it knew
 * all arrivals and lengths.
 *
 * <p>Read {@link dev.sluice.loadtest.bound.Bound} first. From above, prices per pool and time
 * bucket prove a bound by linear programming's weak duality ({@code UpperBound}); what a request
 * cannot do without is derived, and proved for the emulated engines, in {@code BatchNeeds} and
 * {@code SlotNeeds}. From below, a local search carries schedules out ({@code HindsightSearch},
 * {@link dev.sluice.loadtest.bound.EngineEvaluator}).
 *
 * <p>Promises: pure and seeded, no clock and no thread of its own; equal inputs give equal bounds.
 * Engines are taken without noise. May see: {@code workload}, {@code backends.emulated.model},
 * {@code backends.profile}.
 */
@NullMarked
package dev.sluice.loadtest.bound;

import org.jspecify.annotations.NullMarked;
