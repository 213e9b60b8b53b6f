package dev.sluice.loadtest.report.compare;

import dev.sluice.loadtest.report.Intervals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One of the two things compared: the runs of one policy at one rate, one for each seed, or a live
 * run.
 */
record Side(List<LoadedRun> runs) {
  Side {
    runs = runs.stream().sorted(Comparator.comparingLong(run -> run.identity().seed())).toList();
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("runs: none (expected: one or more)");
    }
  }

  LoadedRun first() {
    return runs.getFirst();
  }

  /** What is compared: a policy at a rate, or the target of a live run. */
  String title() {
    LoadedRun.Identity identity = first().identity();
    return identity.live()
        ? "live " + identity.name()
        : identity.name() + " at " + Wording.number(identity.rateScale()) + "×";
  }

  /** The figure, as a mean over the seeds; NaN where a run does not tell it. */
  double figure(Metric metric) {
    return Intervals.mean(figures(metric));
  }

  /** The figure of each seed. */
  double[] figures(Metric metric) {
    return runs.stream()
        .mapToDouble(run -> run.figures().getOrDefault(metric, Double.NaN))
        .toArray();
  }

  long requests() {
    return runs.stream().mapToLong(LoadedRun::requests).sum();
  }

  /** Requests that kept their budget. */
  long met() {
    return runs.stream()
        .mapToLong(
            run -> Math.round(run.requests() * run.figures().getOrDefault(Metric.ATTAINMENT, 0.0)))
        .sum();
  }

  /** The requests of each seed; empty when a seed has no file of them, or too few. */
  List<Sample> samples() throws IOException, ReportException {
    List<Sample> samples = new ArrayList<>();
    for (LoadedRun run : runs) {
      if (run.outcomes().isEmpty() || run.requests() < Batches.FEWEST_REQUESTS) {
        return List.of();
      }
      samples.add(OutcomeFile.read(run.outcomes().get(), run.requests()));
    }
    return samples;
  }

  /** The runs whose seed the other side has, too; all where it has none of them. */
  Side withSeedsOf(Side other) {
    List<LoadedRun> common =
        runs.stream()
            .filter(
                run ->
                    other.runs.stream()
                        .anyMatch(each -> each.identity().seed() == run.identity().seed()))
            .toList();
    return common.isEmpty() ? this : new Side(common);
  }

  /** Whether both replayed the same requests, seed by seed, as far as the reports tell. */
  boolean sameRequests(Side other) {
    boolean same = runs.size() == other.runs.size();
    for (int seed = 0; same && seed < runs.size(); seed++) {
      LoadedRun mine = runs.get(seed);
      LoadedRun theirs = other.runs.get(seed);
      same =
          mine.requests() == theirs.requests() && mine.identity().sameRequests(theirs.identity());
    }
    return same;
  }
}
