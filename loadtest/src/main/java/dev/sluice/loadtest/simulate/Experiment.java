package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.policy.Policies;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/** Policies tried on the same requests. */
public final class Experiment {

  /** Requests between two reports of progress. */
  private static final int PROGRESS_STEP = 4096;

  private final SimulatedFleet fleet;
  private final Workload workload;
  private final Disclosure disclosure;
  private final LongSupplier wallClock;

  private Experiment(SimulatedFleet fleet, Workload workload, Disclosure disclosure, LongSupplier wallClock) {
    this.fleet = fleet;
    this.workload = workload;
    this.disclosure = disclosure;
    this.wallClock = wallClock;
  }

  /**
   * An experiment on the fleet of {@code config}.
   *
   * @param wallClock nanoseconds of real time, by which runs are measured
   * @throws IllegalArgumentException if a backend cannot be simulated; names it
   */
  public static Experiment of(
      GatewayConfig config, Workload workload, Disclosure disclosure, LongSupplier wallClock) {
    return new Experiment(SimulatedFleet.of(config), workload, disclosure, wallClock);
  }

  /**
   * One run. Runs with the same seed and scale get the same requests, whatever the policy.
   *
   * @param policy name of the policy
   * @param seed of every draw
   * @param scale multiple of the trace's own rate
   */
  public record Trial(String policy, long seed, double scale) {

    /** Greatest multiple: beyond it a rate was probably meant. */
    private static final double MOST = 100;

    public Trial {
      if (!(scale > 0 && scale <= MOST)) {
        throw new IllegalArgumentException(
            "rate-scale: " + scale + " (expected: above 0, up to " + (int) MOST + ")");
      }
    }
  }

  /**
   * What came of one run.
   *
   * @param tally its requests
   * @param simulatedNanos until the last of them ended, in virtual time
   * @param wallNanos what it took
   */
  public record Result(Trial trial, RunTally tally, long simulatedNanos, long wallNanos) {}

  /**
   * Plays {@code trials}, {@code jobs} at a time; returns their results in the same order.
   *
   * @throws IOException if the trace cannot be read
   */
  public List<Result> runAll(List<Trial> trials, int jobs, Progress progress) throws IOException {
    ExecutorService executor =
        Executors.newFixedThreadPool(
            Math.min(jobs, trials.size()), Thread.ofPlatform().name("run-", 0).daemon().factory());
    try {
      List<Future<Result>> runs = new ArrayList<>();
      for (Trial trial : trials) {
        runs.add(executor.submit(() -> run(trial, progress)));
      }
      List<Result> results = new ArrayList<>();
      for (Future<Result> run : runs) {
        results.add(run.get());
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
      case IOException broken -> broken;
      case RuntimeException bug -> throw bug;
      case null, default -> new IOException(wrapped);
    };
  }

  Result run(Trial trial, Progress progress) throws IOException {
    long begunNanos = wallClock.getAsLong();
    RunTally tally = new RunTally(workload.classNames());
    Simulation simulation =
        new Simulation(
            new VirtualGateway.Rules(fleet, Policies.named(trial.policy()), disclosure),
            List.of(),
            trial.seed(),
            counting(tally, progress));
    long simulatedNanos;
    try (ArrivalSource arrivals = workload.arrivals(trial.scale(), trial.seed())) {
      simulatedNanos = simulation.play(arrivals);
    }
    progress.runFinished();
    return new Result(trial, tally, simulatedNanos, wallClock.getAsLong() - begunNanos);
  }

  private static OutcomeSink counting(RunTally tally, Progress progress) {
    return finished -> {
      tally.accept(finished);
      if (tally.all().requests() % PROGRESS_STEP == 0) {
        progress.played(PROGRESS_STEP);
      }
    };
  }
}
