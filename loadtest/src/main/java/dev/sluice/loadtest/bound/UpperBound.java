package dev.sluice.loadtest.bound;

/** Finds a {@link Certificate} for a problem, and assignments that its prices suggest. */
final class UpperBound {

  private final BoundProblem problem;
  private final Pairs pairs;
  private final DualFunction function;
  private final Certificate certificate;

  UpperBound(BoundProblem problem, BoundSettings settings, ProgressListener progress) {
    this(problem, settings.grid(problem), settings, progress);
  }

  UpperBound(
      BoundProblem problem, Grid largest, BoundSettings settings, ProgressListener progress) {
    this.problem = problem;
    pairs = new Pairs(problem, largest);
    function = new DualFunction(problem, pairs);
    DualDescent descent = new DualDescent(function, units());
    descent.descend(settings.stepsFor(pairs.size()), progress);
    certificate =
        new Certificate(
            pairs.grid,
            pairs.constraints,
            descent.bestPrices(),
            descent.bestValue(),
            problem.totalValue());
  }

  /**
   * Value per engine second of all that each constraint's pool could serve, without what is free.
   */
  private double[] units() {
    double[] values = new double[pairs.constraints.size()];
    double[] seconds = new double[values.length];
    for (int request = 0; request < problem.size(); request++) {
      for (int pair = pairs.first[request]; pair < pairs.first[request + 1]; pair++) {
        int first = pairs.constraints.first(pairs.pool[pair]);
        boolean promptEnds = pairs.promptUntil[pair] < pairs.grid.buckets();
        boolean answerEnds = pairs.answerUntil[pair] < pairs.grid.buckets();
        for (int way = 0; way < pairs.constraints.ofPool(pairs.pool[pair]); way++) {
          int at = pairs.secondsAt[pair] + way;
          values[first + way] += problem.value(request);
          seconds[first + way] += promptEnds ? pairs.promptSeconds[at] : 0;
          seconds[first + way] += answerEnds ? pairs.answerSeconds[at] : 0;
        }
      }
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = seconds[i] > 0 ? values[i] / seconds[i] : 0;
    }
    return values;
  }

  Certificate certificate() {
    return certificate;
  }

  /** Assignments to the deployments of {@code evaluator} that the prices suggest. */
  Suggestion suggestion(Evaluator evaluator) {
    return new Suggestion(problem, pairs, function.chosen(), evaluator);
  }
}
