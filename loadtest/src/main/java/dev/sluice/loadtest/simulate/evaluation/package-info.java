/**
 * Whether forecasts can be believed: emulated engines serve a trace in virtual time, every forecast
 * is written down before its outcome is known, and scored afterwards beside simpler ones.
 *
 * <p>Promises: pure and seeded; equal inputs give equal scores. Nothing is forecast from what was
 * not known at that instant: outcomes reach the learner when they would in life. May see: {@code
 * gateway.core}, {@code backends.emulated.model}, {@code backends.profile}, {@code workload}.
 */
@NullMarked
package dev.sluice.loadtest.simulate.evaluation;

import org.jspecify.annotations.NullMarked;
