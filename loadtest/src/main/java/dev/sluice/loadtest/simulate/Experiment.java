package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.EngineSettings;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.loadtest.bound.Bound;
import dev.sluice.loadtest.bound.BoundProblem;
import dev.sluice.loadtest.bound.Bracket;
import dev.sluice.loadtest.bound.Hindsight;
import dev.sluice.loadtest.bound.ProgressListener;
import dev.sluice.loadtest.report.BoundBracket;
import dev.sluice.loadtest.report.PolicyRun;
import dev.sluice.loadtest.report.SimulatedOutcomeCsv;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Policies tried on the same requests and the same fleet. */
public final class Experiment {

  /**
   * Schedules that the search with hindsight tries: some seconds for an hour of a trace. Chosen
   * without measurement.
   */
  private static final int EVALUATIONS = 2_000;

  private final Setting setting;
  private final Workload workload;
  private final LongSupplier wallClock;

  /**
   * What is the same for all runs.
   *
   * @param fleet who serves
   * @param disclosure what callers say and backends report
   * @param faults what breaks
   */
  record Setting(SimulatedFleet fleet, Disclosure disclosure, List<Fault> faults) {
    Setting {
      faults = List.copyOf(faults);
    }
  }

  /**
   * An experiment.
   *
   * @param wallClock nanoseconds of real time, by which runs are measured
   */
  Experiment(Setting setting, Workload workload, LongSupplier wallClock) {
    this.setting = setting;
    this.workload = workload;
    this.wallClock = wallClock;
  }

  /**
   * An experiment on the fleet of {@code config}, in which nothing breaks.
   *
   * @param wallClock nanoseconds of real time, by which runs are measured
   * @throws IllegalArgumentException if a backend cannot be simulated; names it
   */
  public static Experiment of(
      GatewayConfig config, Workload workload, Disclosure disclosure, LongSupplier wallClock) {
    return new Experiment(
        new Setting(SimulatedFleet.of(config), disclosure, List.of()), workload, wallClock);
  }

  /**
   * How runs are played.
   *
   * @param jobs most at a time, at least 1
   * @param folder where the file of each run's requests goes, which must exist; null: nowhere
   * @param placements whether to remember who answered which request, for {@link #bounds}
   * @param progress hears how far they are
   */
  public record Playing(int jobs, @Nullable Path folder, boolean placements, Progress progress) {
    public Playing {
      if (jobs < 1) {
        throw new IllegalArgumentException("jobs: " + jobs + " (expected: >= 1)");
      }
    }
  }

  /**
   * Plays {@code runs}; returns their results in the same order.
   *
   * @throws IOException if the trace cannot be read or a file not be written
   */
  public List<TrialResult> play(List<PolicyRun> runs, Playing playing) throws IOException {
    ExecutorService executor =
        Executors.newFixedThreadPool(
            Math.min(playing.jobs(), runs.size()),
            Thread.ofPlatform().name("run-", 0).daemon().factory());
    try {
      List<Future<TrialResult>> started = new ArrayList<>();
      for (PolicyRun run : runs) {
        started.add(executor.submit(() -> play(run, playing)));
      }
      List<TrialResult> results = new ArrayList<>();
      for (Future<TrialResult> each : started) {
        results.add(each.get());
      }
      return results;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } finally {
      executor.shutdownNow();
    }
  }

  private static IOException unwrapped(ExecutionException wrapped) {
    return switch (wrapped.getCause()) {
      case UncheckedIOException broken -> Objects.requireNonNull(broken.getCause());
      case IOException broken -> broken;
      case RuntimeException bug -> throw bug;
      case null, default -> new IOException(wrapped);
    };
  }

  /**
   * Makes sure that the bound holds for what is played here: with noise, a step may be shorter than
   * its model.
   *
   * @throws IllegalArgumentException if it does not; names the backend
   */
  public void checkBoundable() {
    List<EngineSettings> engines = setting.fleet().engines();
    for (int i = 0; i < engines.size(); i++) {
      if (engines.get(i).noise() > 0) {
        throw new IllegalArgumentException(
            "bound: backend %s has noise %s (expected: none, the bound holds without it)"
                .formatted(setting.fleet().deployments().get(i).backend(), engines.get(i).noise()));
      }
    }
  }

  /** Requests that are the same whatever the policy. */
  private record Load(double rateScale, long seed) {}

  /**
   * Brackets, for each rate of {@code results}, what the best schedule could have attained that
   * knew the future: means over the seeds, each of which has requests of its own.
   *
   * @param results of runs that remember their placements
   * @throws IOException if the trace cannot be read
   */
  public List<BoundBracket> bounds(List<TrialResult> results, ProgressListener progress)
      throws IOException {
    checkBoundable();
    Map<Load, List<TrialResult>> byLoad = new LinkedHashMap<>();
    for (TrialResult result : results) {
      PolicyRun run = result.result().run();
      byLoad
          .computeIfAbsent(new Load(run.rateScale(), run.seed()), _ -> new ArrayList<>())
          .add(result);
    }
    Map<Double, List<BoundBracket>> byScale = new LinkedHashMap<>();
    for (Map.Entry<Load, List<TrialResult>> alike : byLoad.entrySet()) {
      byScale
          .computeIfAbsent(alike.getKey().rateScale(), _ -> new ArrayList<>())
          .add(bound(alike.getKey(), alike.getValue(), progress));
    }
    return byScale.values().stream().map(Experiment::mean).toList();
  }

  private static BoundBracket mean(List<BoundBracket> ofSeeds) {
    double upper = ofSeeds.stream().mapToDouble(BoundBracket::upper).average().orElseThrow();
    double lower = ofSeeds.stream().mapToDouble(BoundBracket::lower).average().orElseThrow();
    return new BoundBracket(ofSeeds.getFirst().rateScale(), upper, Math.min(lower, upper));
  }

  private BoundBracket bound(Load load, List<TrialResult> alike, ProgressListener progress)
      throws IOException {
    BoundedWorkload bounded;
    try (ArrivalSource arrivals = workload.arrivals(load.rateScale(), load.seed())) {
      bounded = BoundedWorkload.of(setting, arrivals);
    }
    BoundProblem problem = bounded.problem();
    Bound bound = new Bound(wallClock);
    // what a policy did could be done
    double lower = alike.stream().mapToDouble(each -> each.result().attainment()).max().orElse(0);
    double upper;
    if (bounded.isSearchable()) {
      List<int[]> starts = new ArrayList<>();
      alike.forEach(each -> starts.add(Objects.requireNonNull(each.placements()).byRequest()));
      Bracket bracket =
          bound.of(
              problem,
              new Hindsight(
                  bounded.evaluator(problem), starts, EVALUATIONS + starts.size(), load.seed()),
              progress);
      lower = Math.max(lower, bracket.lowerRatio());
      upper = bracket.upperRatio();
    } else {
      upper = bound.upper(problem, progress).upperRatio();
    }
    return new BoundBracket(load.rateScale(), Math.min(1, upper), lower);
  }

  private TrialResult play(PolicyRun run, Playing playing) throws IOException {
    List<String> classes = workload.classNames();
    Path folder = playing.folder();
    if (folder == null) {
      return new Trial(run, classes, workload.seconds(), null, playing)
          .play(setting, workload, wallClock);
    }
    try (SimulatedOutcomeCsv csv = SimulatedOutcomeCsv.open(folder, run)) {
      return new Trial(run, classes, workload.seconds(), csv, playing)
          .play(setting, workload, wallClock);
    }
  }
}
