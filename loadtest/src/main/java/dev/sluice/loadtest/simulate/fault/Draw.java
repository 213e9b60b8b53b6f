package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.request.Hash;
import java.util.SplittableRandom;

/** Draws of one actor: a further one does not shift those of the others. */
final class Draw {

  /** Parts the actors' draws of one seed, and those of neighbouring seeds. */
  private static final long ACTOR_FACTOR = 0x9E3779B97F4A7C15L;

  /** A probability that is not 0 is at least this part of its most. */
  private static final double LEAST_PART = 0.01;

  private final SplittableRandom random;

  Draw(long seed, int actor) {
    random = new SplittableRandom(Hash.mix(Hash.mix(seed) + actor * ACTOR_FACTOR));
  }

  SplittableRandom random() {
    return random;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** From {@code least} to {@code most}, both included. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  double uniform(double least, double most) {
    return least + random.nextDouble() * (most - least);
  }

  /** As likely in each factor of two. */
  double logarithmic(double least, double most) {
    return least * StrictMath.exp(random.nextDouble() * StrictMath.log(most / least));
  }

  long logarithmicNanos(double leastNanos, double mostNanos) {
    return (long) logarithmic(leastNanos, mostNanos);
  }

  /** Exponentially distributed. */
  long gapNanos(double meanNanos) {
    return (long) (-meanNanos * StrictMath.log(1 - random.nextDouble()));
  }

  /**
   * A probability for one run: 0 in half of them, so that each fault also meets others' absence.
   */
  double swarm(double most) {
    return chance(0.5) ? 0 : logarithmic(most * LEAST_PART, most);
  }
}
