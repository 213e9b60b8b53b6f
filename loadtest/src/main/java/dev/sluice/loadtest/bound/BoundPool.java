package dev.sluice.loadtest.bound;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.StepNoise;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;

/**
 * Replicas that serve alike.
 *
 * @param name for messages and reports
 * @param replicas how many there are
 * @param service how each of them serves, without noise
 * @param overheadNanos from the arrival of a request to the earliest work on it
 * @param longestTokens most tokens, prompt and answer together, that one request may have
 */
public record BoundPool(
    String name, int replicas, Service service, double overheadNanos, int longestTokens) {

  /** Shortest step that the engines' rounding to whole nanoseconds leaves in proportion. */
  private static final double LEAST_STEP_NANOS = 1;

  public BoundPool {
    if (name.isBlank()) {
      throw new IllegalArgumentException("pool: blank (expected: a name)");
    }
    if (replicas < 1) {
      throw new IllegalArgumentException(
          "pool " + name + " replicas: " + replicas + " (expected: >= 1)");
    }
    if (!(overheadNanos >= 0 && Double.isFinite(overheadNanos))) {
      throw new IllegalArgumentException(
          "pool %s overheadNanos: %s (expected: a finite number of at least 0)"
              .formatted(name, overheadNanos));
    }
    if (longestTokens < 2) {
      throw new IllegalArgumentException(
          "pool " + name + " longestTokens: " + longestTokens + " (expected: >= 2)");
    }
    if (service instanceof Service.Batch batch && batch.stepNanos() < LEAST_STEP_NANOS) {
      throw new IllegalArgumentException(
          "pool %s stepNanos: %s (expected: >= %s)"
              .formatted(name, batch.stepNanos(), LEAST_STEP_NANOS));
    }
  }

  /** Replicas of one profile. */
  public static BoundPool of(Profile profile, int replicas) {
    int longest = Engine.of(profile, StepNoise.none(), 0).longestSequenceTokens();
    return new BoundPool(
        profile.name(),
        replicas,
        profile.service(),
        profile.overheadNanos(),
        Math.min(longest, profile.contextTokens()));
  }
}
