package dev.sluice.loadtest.bound;

import java.util.Arrays;

/**
 * The upper bound as a function of prices, and the load that requests would put on each bucket at
 * them: load less capacity, with the sign turned, is the slope of the bound.
 */
final class DualFunction {

  private final BoundProblem problem;
  private final Pairs pairs;
  private final double[][] prices;
  private final double[][] loads;
  private final RangeMinimum[] minima;

  /** How often each pair was the best of its request since the last reset. */
  private final int[] chosen;

  DualFunction(BoundProblem problem, Pairs pairs) {
    this.problem = problem;
    this.pairs = pairs;
    int constraints = pairs.constraints.size();
    prices = new double[constraints][pairs.grid.buckets()];
    loads = new double[constraints][pairs.grid.buckets()];
    minima = new RangeMinimum[constraints];
    chosen = new int[pairs.size()];
    int longest = longestWindow();
    for (int i = 0; i < constraints; i++) {
      minima[i] = new RangeMinimum(prices[i], longest);
    }
  }

  private int longestWindow() {
    int buckets = pairs.grid.buckets();
    int longest = 1;
    for (int pair = 0; pair < pairs.size(); pair++) {
      if (pairs.promptUntil[pair] < buckets) {
        longest = Math.max(longest, pairs.promptUntil[pair] - pairs.promptFrom[pair] + 1);
      }
      if (pairs.answerUntil[pair] < buckets) {
        longest = Math.max(longest, pairs.answerUntil[pair] - pairs.answerFrom[pair] + 1);
      }
    }
    return longest;
  }

  /** Value per engine second, by constraint and bucket; 0 at first, to be changed by the caller. */
  double[][] prices() {
    return prices;
  }

  /** Engine seconds by constraint and bucket, as of the last evaluation. */
  double[][] loads() {
    return loads;
  }

  /** How often each pair was the best of its request since {@link #resetChosen}. */
  int[] chosen() {
    return chosen;
  }

  void resetChosen() {
    Arrays.fill(chosen, 0);
  }

  /** Engine seconds of a bucket of {@code constraint}. */
  double capacitySeconds(int constraint) {
    return pairs.constraints.replicas(constraint) * pairs.grid.bucketSeconds();
  }

  /** The upper bound at the present prices; brings the loads up to date. */
  double evaluate() {
    for (RangeMinimum minimum : minima) {
      minimum.rebuild();
    }
    double value = 0;
    for (int i = 0; i < prices.length; i++) {
      Arrays.fill(loads[i], 0);
      value += Arrays.stream(prices[i]).sum() * capacitySeconds(i);
    }
    for (int request = 0; request < problem.size(); request++) {
      value += takeBest(request);
    }
    return value;
  }

  /** What the best pair of {@code request} leaves of its value. */
  private double takeBest(int request) {
    double least = problem.value(request);
    int best = -1;
    for (int pair = pairs.first[request]; pair < pairs.first[request + 1]; pair++) {
      double cost = cost(pair);
      if (cost < least) {
        least = cost;
        best = pair;
      }
    }
    if (best >= 0) {
      load(best);
      chosen[best]++;
    }
    return problem.value(request) - least;
  }

  private double cost(int pair) {
    int constraint = pairs.constraints.first(pairs.pool[pair]);
    int end = pairs.constraints.first(pairs.pool[pair] + 1);
    int at = pairs.secondsAt[pair];
    boolean promptEnds = pairs.promptUntil[pair] < pairs.grid.buckets();
    boolean answerEnds = pairs.answerUntil[pair] < pairs.grid.buckets();
    double cost = 0;
    for (int i = constraint; i < end; i++, at++) {
      if (promptEnds) {
        cost += pairs.promptSeconds[at] * prices[i][promptBucket(i, pair)];
      }
      if (answerEnds) {
        cost += pairs.answerSeconds[at] * prices[i][answerBucket(i, pair)];
      }
    }
    return cost;
  }

  private void load(int pair) {
    int constraint = pairs.constraints.first(pairs.pool[pair]);
    int end = pairs.constraints.first(pairs.pool[pair] + 1);
    int at = pairs.secondsAt[pair];
    for (int i = constraint; i < end; i++, at++) {
      if (pairs.promptUntil[pair] < pairs.grid.buckets()) {
        loads[i][promptBucket(i, pair)] += pairs.promptSeconds[at];
      }
      if (pairs.answerUntil[pair] < pairs.grid.buckets()) {
        loads[i][answerBucket(i, pair)] += pairs.answerSeconds[at];
      }
    }
  }

  private int promptBucket(int constraint, int pair) {
    return minima[constraint].cheapest(pairs.promptFrom[pair], pairs.promptUntil[pair]);
  }

  private int answerBucket(int constraint, int pair) {
    return minima[constraint].cheapest(pairs.answerFrom[pair], pairs.answerUntil[pair]);
  }
}
