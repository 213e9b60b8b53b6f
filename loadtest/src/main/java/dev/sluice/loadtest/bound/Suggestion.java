package dev.sluice.loadtest.bound;

import java.util.random.RandomGenerator;

/**
 * Assignments that the search for prices suggests: while its steps were short, each request went to
 * the pools that the linear program would share it among, about as often as it would.
 */
final class Suggestion {

  private final BoundProblem problem;
  private final Pairs pairs;
  private final int[] chosen;
  private final Evaluator evaluator;

  /**
   * Suggestions for the deployments of {@code evaluator}.
   *
   * @param chosen how often each pair was best for its request
   */
  Suggestion(BoundProblem problem, Pairs pairs, int[] chosen, Evaluator evaluator) {
    this.problem = problem;
    this.pairs = pairs;
    this.chosen = chosen;
    this.evaluator = evaluator;
  }

  /**
   * Draws a pool for each request in proportion to how often it was chosen, and takes the
   * deployment there that is free first by the work it was given.
   */
  int[] draw(RandomGenerator random) {
    int[] assignment = new int[problem.size()];
    double[] freeSeconds = new double[evaluator.deployments()];
    for (int request = 0; request < assignment.length; request++) {
      int pair = drawPair(request, random);
      int deployment = pair < 0 ? Places.REFUSED : firstFree(pairs.pool[pair], freeSeconds);
      assignment[request] = deployment;
      if (deployment >= 0) {
        int at = pairs.secondsAt[pair];
        double arrivalSeconds = problem.arrivalNanos(request) * 1e-9;
        freeSeconds[deployment] =
            Math.max(freeSeconds[deployment], arrivalSeconds)
                + pairs.promptSeconds[at]
                + pairs.answerSeconds[at];
      }
    }
    return assignment;
  }

  private int drawPair(int request, RandomGenerator random) {
    int sum = 0;
    int drawn = -1;
    for (int pair = pairs.first[request]; pair < pairs.first[request + 1]; pair++) {
      sum += chosen[pair];
      if (chosen[pair] > 0 && random.nextInt(sum) < chosen[pair]) {
        drawn = pair;
      }
    }
    return drawn;
  }

  private int firstFree(int pool, double[] freeSeconds) {
    int first = Places.REFUSED;
    for (int deployment = 0; deployment < freeSeconds.length; deployment++) {
      if (evaluator.pool(deployment) == pool
          && (first < 0 || freeSeconds[deployment] < freeSeconds[first])) {
        first = deployment;
      }
    }
    return first;
  }
}
