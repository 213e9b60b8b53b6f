package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.compare.LoadedRun.Identity;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Runs of a single-server queue: waiting times hang together over tens and hundreds of requests, as
 * those of loaded accelerators do.
 *
 * @param requests how many are told
 * @param load share of the time in which the server is busy
 * @param budget longest time to first token that is met, in mean service times
 * @param misses chance of a miss for another reason
 */
record QueueRuns(int requests, double load, double budget, double misses) {
  /** Enough for the queue to forget that it began empty. */
  private static final int WARM_UP = 2_000;

  QueueRuns withMisses(double other) {
    return new QueueRuns(requests, load, budget, other);
  }

  /** A run whose arrivals and whose service are drawn by these seeds. */
  Sample sample(long arrivalSeed, long serviceSeed) {
    SplittableRandom arrivals = new SplittableRandom(arrivalSeed);
    SplittableRandom services = new SplittableRandom(serviceSeed);
    Sample.Builder sample = new Sample.Builder(requests);
    double now = 0;
    double wait = 0;
    for (int i = -WARM_UP; i < requests; i++) {
      double gap = -Math.log(1 - arrivals.nextDouble()) / load;
      double service = -Math.log(1 - services.nextDouble());
      boolean spared = services.nextDouble() >= misses;
      now += gap;
      wait = Math.max(0, wait - gap);
      double ttft = wait + 0.3 * service;
      if (i >= 0) {
        sample.add(i, now, spared && ttft < budget, ttft, 0.01 + 0.002 * wait, 0.001 * service);
      }
      wait += service;
    }
    return sample.build();
  }

  /** The side of a sample that nobody wrote to a file. */
  static Side side(Sample sample, long seed) {
    Map<Metric, Double> figures = new EnumMap<>(Metric.class);
    double attainment = Batches.met(List.of(sample)).ratio();
    figures.put(Metric.ATTAINMENT, attainment);
    figures.put(Metric.GOODPUT, 10 * attainment);
    for (Metric metric : Metric.QUANTILES) {
      SortedTimes times = new SortedTimes(List.of(sample), metric);
      figures.put(metric, 1e3 * times.quantile(metric.probability()));
    }
    figures.put(Metric.COST, 1e3 * Batches.cost(List.of(sample)).ratio());
    return new Side(
        List.of(
            new LoadedRun(
                Path.of("queue"),
                new Identity(false, "queue", seed, 1, "", ""),
                sample.size(),
                figures,
                List.of(),
                Optional.empty(),
                List.of())));
  }

  static Evidence evidence(Sample first, Sample second, boolean paired) {
    return new Evidence.OfRequests(
        side(first, 1), side(second, 2), List.of(first), List.of(second), paired);
  }
}
