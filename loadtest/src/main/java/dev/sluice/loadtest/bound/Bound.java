package dev.sluice.loadtest.bound;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Brackets what the best schedule could attain that knows the future.
 *
 * <p>Both bounds hold for engines without noise: with noise a step may be shorter than its model,
 * so that what a noisy run attains is not comparable. The upper bound allows schedules that no
 * gateway could carry out (requests served in parts, at several replicas, prompts and answers out
 * of each other's way), so the optimum lies below it; a share of it that a policy attains is a
 * share of the optimum at least.
 */
public final class Bound {

  /** How many assignments the upper bound suggests to the search for the lower one. */
  private static final int SUGGESTIONS = 3;

  private final LongSupplier nanoClock;
  private final BoundSettings settings;

  /** Bounds with usual care. */
  public Bound(LongSupplier nanoClock) {
    this(nanoClock, BoundSettings.SUITING);
  }

  /**
   * Bounds.
   *
   * @param nanoClock tells how long it takes; has no part in the result
   */
  public Bound(LongSupplier nanoClock, BoundSettings settings) {
    this.nanoClock = nanoClock;
    this.settings = settings;
  }

  /** The upper bound alone. */
  public Certificate upper(BoundProblem problem, ProgressListener progress) {
    return new UpperBound(problem, settings, progress).certificate();
  }

  /** Both bounds; the search for the lower one also begins from what the upper one suggests. */
  public Bracket of(BoundProblem problem, Hindsight hindsight, ProgressListener progress) {
    long startNanos = nanoClock.getAsLong();
    UpperBound upper = new UpperBound(problem, settings, progress);
    List<int[]> starts = new ArrayList<>(hindsight.starts());
    Suggestion suggestion = upper.suggestion(hindsight.evaluator());
    SplittableRandom random = new SplittableRandom(hindsight.seed());
    for (int i = 0; i < SUGGESTIONS; i++) {
      starts.add(suggestion.draw(random));
    }
    Hindsight more =
        new Hindsight(
            hindsight.evaluator(),
            starts,
            Math.max(hindsight.evaluations(), 1 + starts.size()),
            hindsight.seed());
    LowerBound lower =
        new HindsightSearch(problem, more, upper.certificate().upperValue(), progress).search();
    double seconds = (nanoClock.getAsLong() - startNanos) * 1e-9;
    return new Bracket(problem.totalValue(), upper.certificate(), lower, seconds);
  }
}
