package dev.sluice.loadtest.bound;

import org.ojalgo.optimisation.Expression;
import org.ojalgo.optimisation.ExpressionsBasedModel;
import org.ojalgo.optimisation.Optimisation;
import org.ojalgo.optimisation.Variable;

/**
 * The linear program whose dual the bound is, solved by another's solver: {@code max Σ v·x}, where
 * x is the share of a request that a pool serves, {@code Σ_pools x <= 1}, its work is spread over
 * the buckets of its windows, and no bucket holds more than its capacity, for each way of sharing.
 */
final class LinearProgram {

  private final BoundProblem problem;
  private final Pairs pairs;
  private final ExpressionsBasedModel model = new ExpressionsBasedModel();
  private final Expression[][] capacities;
  private int names;

  LinearProgram(BoundProblem problem, Grid grid) {
    this.problem = problem;
    pairs = new Pairs(problem, grid);
    capacities = new Expression[pairs.constraints.size()][pairs.grid.buckets()];
    for (int i = 0; i < capacities.length; i++) {
      double seconds = pairs.constraints.replicas(i) * pairs.grid.bucketSeconds();
      for (int t = 0; t < capacities[i].length; t++) {
        capacities[i][t] = model.newExpression(name("capacity")).upper(seconds);
      }
    }
    for (int request = 0; request < problem.size(); request++) {
      add(request);
    }
  }

  private String name(String kind) {
    return kind + names++;
  }

  private void add(int request) {
    Expression once = model.newExpression(name("once")).upper(1);
    for (int pair = pairs.first[request]; pair < pairs.first[request + 1]; pair++) {
      Variable share =
          model.newVariable(name("x")).lower(0).upper(1).weight(problem.value(request));
      once.set(share, 1);
      int first = pairs.constraints.first(pairs.pool[pair]);
      for (int way = 0; way < pairs.constraints.ofPool(pairs.pool[pair]); way++) {
        int at = pairs.secondsAt[pair] + way;
        Expression[] row = capacities[first + way];
        spread(
            share, pairs.promptSeconds[at], row, pairs.promptFrom[pair], pairs.promptUntil[pair]);
        spread(
            share, pairs.answerSeconds[at], row, pairs.answerFrom[pair], pairs.answerUntil[pair]);
      }
    }
  }

  private void spread(Variable share, double seconds, Expression[] row, int from, int until) {
    if (until >= row.length || seconds == 0) {
      return;
    }
    Expression work = model.newExpression(name("work")).level(0);
    work.set(share, -seconds);
    for (int t = from; t <= until; t++) {
      Variable part = model.newVariable(name("y")).lower(0);
      work.set(part, 1);
      row[t].set(part, 1);
    }
  }

  double maximum() {
    Optimisation.Result result = model.maximise();
    if (!result.getState().isOptimal()) {
      throw new IllegalStateException("state: " + result.getState() + " (expected: optimal)");
    }
    return result.getValue();
  }
}
