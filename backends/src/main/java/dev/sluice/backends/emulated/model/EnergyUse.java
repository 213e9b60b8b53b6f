package dev.sluice.backends.emulated.model;

/**
 * Energy an engine has spent.
 *
 * @param requestJoules spent on sequences; the sum of {@link Sequence#joules} over those that left,
 *     and for a batch engine what the running ones have used
 * @param idleJoules drawn while nothing ran; belongs to no sequence but to the fleet
 */
public record EnergyUse(double requestJoules, double idleJoules) {}
