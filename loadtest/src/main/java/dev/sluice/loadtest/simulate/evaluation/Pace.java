package dev.sluice.loadtest.simulate.evaluation;

/** How a real engine's speed strays from its model's. */
@FunctionalInterface
interface Pace {

  /** As the model says. */
  Pace EVEN = (_, _) -> 1;

  /** How many times longer than the model says things take, with so many sequences running. */
  double ratio(long nowNanos, int running);

  /** Slower by {@code ratio} from {@code fromNanos} on. */
  static Pace slowerFrom(long fromNanos, double ratio) {
    return (nowNanos, _) -> nowNanos >= fromNanos ? ratio : 1;
  }

  /**
   * A step whose cost rises with the root of its sequences instead of evenly, as that of a mixture
   * of experts does while more of them are woken: as the model says for one and for {@code most}
   * sequences, up to {@code excess} more in between.
   */
  static Pace rootOfBatch(int most, double excess) {
    return (_, running) -> {
      double full = Math.clamp(running / (double) most, 0, 1);
      // √x − x is greatest at x = ¼, where it is ¼
      return 1 + 4 * excess * (StrictMath.sqrt(full) - full);
    };
  }
}
