package dev.sluice.loadtest.bound;

/**
 * How much care goes into an upper bound. Whatever is chosen, the bound is valid.
 *
 * @param bucketNanos length of a time bucket; 0: what suits the problem
 * @param steps how often prices are improved; 0: what suits the problem
 */
public record BoundSettings(long bucketNanos, int steps) {

  /** Everything as suits the problem. */
  public static final BoundSettings SUITING = new BoundSettings(0, 0);

  /** Pairs times steps: some seconds of work. */
  private static final long USUAL_WORK = 30_000_000;

  private static final int LEAST_STEPS = 400;
  private static final int MOST_STEPS = 4_000;

  public BoundSettings {
    if (bucketNanos < 0) {
      throw new IllegalArgumentException("bucketNanos: " + bucketNanos + " (expected: >= 0)");
    }
    if (steps < 0) {
      throw new IllegalArgumentException("steps: " + steps + " (expected: >= 0)");
    }
  }

  Grid grid(BoundProblem problem) {
    Grid suiting = Grid.suiting(problem);
    return bucketNanos == 0 ? suiting : suiting.inBucketsOf(bucketNanos);
  }

  int stepsFor(int pairs) {
    return steps > 0 ? steps : Math.clamp(USUAL_WORK / Math.max(1, pairs), LEAST_STEPS, MOST_STEPS);
  }
}
