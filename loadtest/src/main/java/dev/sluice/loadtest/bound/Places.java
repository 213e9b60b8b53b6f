package dev.sluice.loadtest.bound;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Where each request could meet its budget, and who arrives when it does. */
final class Places {

  /** The place of a request that is not served. */
  static final int REFUSED = -1;

  /** How far in the order of arrivals a competitor is looked for. Chosen without measurement. */
  private static final int NEAR = 100;

  /** Deployments that meet each request's budget when they serve nothing else, rising. */
  private final int[][] deployments;

  private final int all;
  private final int[] byArrival;
  private final int[] rank;

  Places(BoundProblem problem, Evaluator evaluator) {
    all = evaluator.deployments();
    deployments = deployments(problem, evaluator);
    byArrival =
        IntStream.range(0, problem.size())
            .boxed()
            .sorted(Comparator.comparingLong(problem::arrivalNanos))
            .mapToInt(Integer::intValue)
            .toArray();
    rank = new int[byArrival.length];
    for (int i = 0; i < byArrival.length; i++) {
      rank[byArrival[i]] = i;
    }
  }

  private static int[][] deployments(BoundProblem problem, Evaluator evaluator) {
    List<PoolNeeds> needs = problem.pools().stream().map(PoolNeeds::of).toList();
    Need need = new Need(new Constraints(problem.pools()).mostOfOnePool());
    boolean[] feasible = new boolean[needs.size()];
    int[][] deployments = new int[problem.size()][];
    for (int request = 0; request < deployments.length; request++) {
      Arrays.fill(feasible, false);
      for (int pool : problem.choices(request)) {
        feasible[pool] = needs.get(pool).measure(problem, request, need);
      }
      deployments[request] =
          IntStream.range(0, evaluator.deployments())
              .filter(deployment -> feasible[evaluator.pool(deployment)])
              .toArray();
    }
    return deployments;
  }

  /** How many deployments there are. */
  int deployments() {
    return all;
  }

  /** How many deployments could meet the budget of {@code request}. */
  int count(int request) {
    return deployments[request].length;
  }

  boolean has(int request, int deployment) {
    return Arrays.binarySearch(deployments[request], deployment) >= 0;
  }

  /** One of the {@link #count} deployments for {@code request}. */
  int draw(int request, RandomGenerator random) {
    return deployments[request][random.nextInt(deployments[request].length)];
  }

  /** All requests in the order of their arrival; not to be changed. */
  int[] byArrival() {
    return byArrival;
  }

  /** Another request of {@code deployment} that arrives about when {@code request} does, or -1. */
  int competitor(int request, int deployment, int[] assignment, RandomGenerator random) {
    int from = Math.max(0, rank[request] - NEAR);
    int until = Math.min(byArrival.length, rank[request] + NEAR + 1);
    int drawn = -1;
    int count = 0;
    for (int i = from; i < until; i++) {
      int other = byArrival[i];
      if (other != request && assignment[other] == deployment && random.nextInt(++count) == 0) {
        drawn = other;
      }
    }
    return drawn;
  }
}
