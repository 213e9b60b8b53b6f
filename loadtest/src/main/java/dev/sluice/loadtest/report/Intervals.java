package dev.sluice.loadtest.report;

import java.util.Arrays;

/**
 * Widths of confidence intervals. A tail is the chance of a true value beyond one end, so that an
 * interval of 95 % has tails of 0.025.
 *
 * <p>Requests that are near in time fare alike, so single requests are no independent samples.
 * Batch means take the mean of each of {@value #BATCHES} stretches of time instead; what is left of
 * correlation between neighbours widens the interval as for a first-order autoregression. The
 * interval must hold with half as many batches of twice the length, too: the wider one counts.
 * (Law, Simulation Modeling and Analysis, section 9.5; with 2 000 requests or more, the two
 * precautions keep the share of false alarms below 5 % also for queues at 90 % load, where plain
 * batch means have 10 to 20 %.)
 */
public final class Intervals {
  /** Number of batches. */
  public static final int BATCHES = 20;

  /** Tail of an interval of 95 %. */
  public static final double TAIL = 0.025;

  private static final double MAX_CORRELATION = 0.8;
  private static final double MIN_DEGREES = 3;

  /** With this many degrees of freedom, t is the normal distribution to five digits. */
  private static final double NORMAL_DEGREES = 1e6;

  private Intervals() {}

  /**
   * Half the width for a sum or difference of ratios from independent series of batches.
   *
   * @param deviations for each series, what {@link #deviations} gives; even in number
   */
  public static double halfWidthOfBatches(double tail, double[]... deviations) {
    double[][] paired = Arrays.stream(deviations).map(Intervals::inPairs).toArray(double[][]::new);
    return Math.max(halfWidth(tail, deviations), halfWidth(tail, paired));
  }

  /**
   * What each batch adds to the error of {@code sum of sums ÷ sum of counts}, times the number of
   * batches.
   */
  public static double[] deviations(double[] sums, double[] counts) {
    double count = Arrays.stream(counts).sum();
    double ratio = Arrays.stream(sums).sum() / count;
    double[] deviations = new double[sums.length];
    for (int batch = 0; batch < sums.length; batch++) {
      deviations[batch] = (sums[batch] - ratio * counts[batch]) * sums.length / count;
    }
    return deviations;
  }

  /** Sums over slices joined to sums over batches; empty when the slices are fewer. */
  public static double[] inBatches(double[] slices) {
    double[] batches = new double[slices.length < BATCHES ? 0 : BATCHES];
    for (int slice = 0; slice < slices.length && batches.length > 0; slice++) {
      batches[batchOf(slice, slices.length)] += slices[slice];
    }
    return batches;
  }

  /** The batch of one of so many things in the order of their times. */
  public static int batchOf(int index, int count) {
    return (int) ((long) index * BATCHES / count);
  }

  private static double[] inPairs(double[] batches) {
    double[] pairs = new double[batches.length / 2];
    for (int pair = 0; pair < pairs.length; pair++) {
      pairs[pair] = (batches[2 * pair] + batches[2 * pair + 1]) / 2;
    }
    return pairs;
  }

  /** Student's interval; degrees of freedom of several series after Welch and Satterthwaite. */
  private static double halfWidth(double tail, double[]... series) {
    double variance = 0;
    double weight = 0;
    for (double[] each : series) {
      MeanError error = MeanError.of(each);
      variance += error.variance();
      weight += error.variance() * error.variance() / error.degrees();
    }
    return variance == 0
        ? 0
        : Math.sqrt(variance) * StudentT.exceededWith(tail, variance * variance / weight);
  }

  /** Variance of the mean of a series that may be correlated, and what it is known from. */
  private record MeanError(double variance, double degrees) {
    static MeanError of(double[] values) {
      int count = values.length;
      double mean = mean(values);
      double squares = 0;
      double products = 0;
      for (int i = 0; i < count; i++) {
        squares += (values[i] - mean) * (values[i] - mean);
        products += i == 0 ? 0 : (values[i] - mean) * (values[i - 1] - mean);
      }
      if (squares == 0) {
        return new MeanError(0, count - 1);
      }
      // The correlation of a short series comes out too low by about 1 ÷ its length.
      double correlation = Math.clamp(products / squares + 1.0 / count, 0, MAX_CORRELATION);
      double inflation = (1 + correlation) / (1 - correlation);
      return new MeanError(
          inflation * squares / (count - 1) / count,
          Math.max(MIN_DEGREES, (count - 1) / inflation));
    }
  }

  /** Half the width for the mean of independent values; 0 for a single one. */
  public static double halfWidthOfMean(double tail, double[] values) {
    if (values.length < 2) {
      return 0;
    }
    double mean = mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return StudentT.exceededWith(tail, values.length - 1)
        * Math.sqrt(squares / (values.length - 1) / values.length);
  }

  /** The mean of some values. */
  public static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Wilson's score interval for a share of independent requests. */
  public static Interval wilson(double tail, long successes, long requests) {
    double z = StudentT.exceededWith(tail, NORMAL_DEGREES);
    double share = (double) successes / requests;
    double centre = share + z * z / (2 * requests);
    double reach =
        z * Math.sqrt(share * (1 - share) / requests + z * z / (4.0 * requests * requests));
    double scale = 1 + z * z / requests;
    return new Interval(
        Math.max(0, (centre - reach) / scale), Math.min(1, (centre + reach) / scale));
  }
}
