package dev.sluice.loadtest.bound;

import java.util.Arrays;

/**
 * Looks for prices at which the {@link DualFunction} is low.
 *
 * @implNote Subgradient steps with a scale per coordinate. The slope at a bucket is its capacity
 *     less its load; its root mean square over the last steps scales it, and step k of a phase is
 *     {@code η·unit/√k}, where unit is value per engine second of all that could be served. Two
 *     things are added to the plain method, which crawls: the slope is averaged over some twenty
 *     steps, since at near-optimal prices requests hop to and fro between buckets and only their
 *     mean load says something, and η falls from phase to phase, each of which starts from the best
 *     prices so far. Together they reached in 400 steps what the plain method had not in 5,000.
 *     Every iterate is a valid bound, so that nothing here can make the result wrong.
 */
final class DualDescent {

  private static final double[] ETAS = {1, 0.3, 0.1, 0.03};
  private static final double MEMORY = 0.95;

  /**
   * Buckets whose prices differ by less than so many steps share the load. With 1 prices stay
   * coarse, with 0 a burst of equal requests is not resolved.
   */
  private static final double SLACK_STEPS = 0.3;

  private final DualFunction function;
  private final double[] units;
  private final double[][] slopes;
  private final double[][] squares;
  private double[][] best;
  private double bestValue = Double.POSITIVE_INFINITY;
  private int stepsDone;

  /** A descent from prices of 0, with {@code units} value per engine second by constraint. */
  DualDescent(DualFunction function, double[] units) {
    this.function = function;
    this.units = units;
    double[][] prices = function.prices();
    slopes = new double[prices.length][prices[0].length];
    squares = new double[prices.length][prices[0].length];
    best = copy(prices);
  }

  /** Takes {@code steps} steps, at least as many as there are phases. */
  void descend(int steps, ProgressListener progress) {
    int perPhase = Math.max(1, steps / ETAS.length);
    for (double eta : ETAS) {
      restart();
      function.resetChosen();
      for (int k = 1; k <= perPhase; k++) {
        double length = eta / Math.sqrt(k);
        evaluate(length);
        step(length);
        progress.progress((double) stepsDone / (perPhase * ETAS.length), bestValue, 0);
      }
    }
  }

  /** The lowest value so far. */
  double bestValue() {
    return bestValue;
  }

  /** The prices of {@link #bestValue}. */
  double[][] bestPrices() {
    return best;
  }

  private void restart() {
    double[][] prices = function.prices();
    for (int i = 0; i < prices.length; i++) {
      System.arraycopy(best[i], 0, prices[i], 0, prices[i].length);
    }
  }

  private void evaluate(double length) {
    for (int i = 0; i < units.length; i++) {
      function.slacks()[i] = SLACK_STEPS * length * units[i];
    }
    double value = function.evaluate();
    stepsDone++;
    if (value < bestValue) {
      bestValue = value;
      best = copy(function.prices());
    }
  }

  private void step(double length) {
    double forget = Math.max(1 - MEMORY, 1.0 / stepsDone);
    for (int i = 0; i < slopes.length; i++) {
      double[] prices = function.prices()[i];
      double[] loads = function.loads()[i];
      double capacity = function.capacitySeconds(i);
      for (int t = 0; t < prices.length; t++) {
        if (loads[t] == 0 && prices[t] == 0) {
          slopes[i][t] = 0;
          continue;
        }
        double excess = loads[t] / capacity - 1;
        slopes[i][t] += (excess - slopes[i][t]) * (1 - MEMORY);
        squares[i][t] += (excess * excess - squares[i][t]) * forget;
        double scaled = slopes[i][t] / Math.max(Math.sqrt(squares[i][t]), Double.MIN_NORMAL);
        prices[t] = Math.max(0, prices[t] + length * units[i] * scaled);
      }
    }
  }

  private static double[][] copy(double[][] prices) {
    return Arrays.stream(prices).map(double[]::clone).toArray(double[][]::new);
  }
}
