package dev.sluice.loadtest.simulate.evaluation;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.Sequence;
import java.util.random.RandomGenerator;

/** Somebody else who uses a backend, in a random but steady stream. */
final class Neighbour {

  /** Mean lengths of a request, those of a conversation. */
  private static final int PROMPT_TOKENS = 1_000;

  private static final int OUTPUT_TOKENS = 200;

  private final double perSecond;
  private final RandomGenerator random;
  private long nextNanos;

  Neighbour(double perSecond, RandomGenerator random) {
    this.perSecond = perSecond;
    this.random = random;
    nextNanos = gapAfter(0);
  }

  private long gapAfter(long nanos) {
    return perSecond == 0
        ? Engine.NEVER
        : nanos + 1 + (long) (random.nextExponential() / perSecond * 1e9);
  }

  long nextNanos() {
    return nextNanos;
  }

  /** The request due now. */
  Sequence next() {
    nextNanos = gapAfter(nextNanos);
    return new Sequence(
        -1,
        1 + (int) (random.nextExponential() * PROMPT_TOKENS),
        1 + (int) (random.nextExponential() * OUTPUT_TOKENS));
  }
}
