package dev.sluice.loadtest.bound;

import java.util.Arrays;

/**
 * The upper bound as a function of prices, and the load that requests would put on each bucket at
 * them: capacity less load is the slope of the bound.
 *
 * @implNote The bound takes the cheapest bucket of a window. The load is spread over buckets that
 *     are as cheap, or dearer by a given slack: else many requests with equal windows would all
 *     load one bucket, then all the next, and prices would rise one bucket at a time. The buckets
 *     are found by looking at a few places of the window, which move along from request to request.
 */
final class DualFunction {

  /** Places of a window that are looked at; with 4 short bursts took far more steps. */
  private static final int PLACES = 32;

  /** Moves the places by a step that fills the unit interval evenly: the golden ratio less 1. */
  private static final double STRIDE = 0.618033988749895;

  private final BoundProblem problem;
  private final Pairs pairs;
  private final double[][] prices;
  private final double[][] loads;
  private final RangeMinimum[] minima;
  private final double[] slacks;
  private final int[] cheap = new int[PLACES];

  /** Where in its first stretch of a window the first place lies, 0 … 1. */
  private double offset;

  /** How often each pair was the best of its request since the last reset. */
  private final int[] chosen;

  DualFunction(BoundProblem problem, Pairs pairs) {
    this.problem = problem;
    this.pairs = pairs;
    int constraints = pairs.constraints.size();
    prices = new double[constraints][pairs.grid.buckets()];
    loads = new double[constraints][pairs.grid.buckets()];
    minima = new RangeMinimum[constraints];
    slacks = new double[constraints];
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

  /** By how much a bucket may be dearer than the cheapest and bear load, by constraint. */
  double[] slacks() {
    return slacks;
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
      load(i, pairs.promptFrom[pair], pairs.promptUntil[pair], pairs.promptSeconds[at]);
      load(i, pairs.answerFrom[pair], pairs.answerUntil[pair], pairs.answerSeconds[at]);
    }
  }

  private void load(int constraint, int from, int until, double seconds) {
    if (until >= pairs.grid.buckets() || seconds == 0) {
      return;
    }
    int cheapest = minima[constraint].cheapest(from, until);
    int count = lookForCheap(constraint, from, until, prices[constraint][cheapest]);
    if (count == 0) {
      loads[constraint][cheapest] += seconds;
    }
    for (int i = 0; i < count; i++) {
      loads[constraint][cheap[i]] += seconds / count;
    }
  }

  /** Fills {@link #cheap} with buckets of a window and returns how many. */
  private int lookForCheap(int constraint, int from, int until, double cheapest) {
    double most = cheapest + slacks[constraint];
    int length = until - from + 1;
    int places = Math.min(length, PLACES);
    offset += offset + STRIDE < 1 ? STRIDE : STRIDE - 1;
    double stretch = (double) length / places;
    int count = 0;
    for (int i = 0; i < places; i++) {
      int bucket = Math.min(until, from + (int) ((i + offset) * stretch));
      if (prices[constraint][bucket] <= most) {
        cheap[count++] = bucket;
      }
    }
    return count;
  }

  private int promptBucket(int constraint, int pair) {
    return minima[constraint].cheapest(pairs.promptFrom[pair], pairs.promptUntil[pair]);
  }

  private int answerBucket(int constraint, int pair) {
    return minima[constraint].cheapest(pairs.answerFrom[pair], pairs.answerUntil[pair]);
  }
}
