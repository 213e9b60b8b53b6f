package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.loadtest.report.PolicyResult;
import dev.sluice.loadtest.report.PolicyRun;
import dev.sluice.loadtest.report.PolicyTally;
import dev.sluice.loadtest.report.SimulatedOutcome;
import dev.sluice.loadtest.report.SimulatedOutcomeCsv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One run: its requests on their way from the workload to the figures. */
final class Trial implements OutcomeSink {

  /** Requests between two reports of progress. */
  private static final int PROGRESS_STEP = 4096;

  private final PolicyRun run;
  private final PolicyTally tally;
  private final Refusals refusals;
  private final Served served = new Served();
  private final @Nullable Timeline timeline;
  private final @Nullable Placements placements;
  private final @Nullable SimulatedOutcomeCsv csv;
  private final Progress progress;
  private long lastArrivalNanos;

  /**
   * A run that has not begun.
   *
   * @param seconds how long requests come; 0: not known
   * @param csv where each request goes; null: nowhere
   */
  Trial(
      PolicyRun run,
      List<String> classes,
      double seconds,
      @Nullable SimulatedOutcomeCsv csv,
      Experiment.Playing playing) {
    this.run = run;
    this.csv = csv;
    progress = playing.progress();
    placements = playing.placements() ? new Placements() : null;
    timeline = seconds > 0 ? new Timeline(seconds, classes) : null;
    tally = new PolicyTally(run, classes);
    refusals = new Refusals(classes);
  }

  @Override
  public void accept(FinishedRequest finished) {
    SimulatedOutcome outcome = Outcomes.of(finished);
    tally.add(outcome);
    refusals.add(finished);
    served.add(finished);
    lastArrivalNanos = Math.max(lastArrivalNanos, finished.arrival().atNanos());
    if (tally.requests() % PROGRESS_STEP == 0) {
      progress.played(PROGRESS_STEP);
    }
    if (timeline != null) {
      timeline.add(finished);
    }
    if (placements != null) {
      placements.add(finished);
    }
    if (csv != null) {
      write(csv, outcome);
    }
  }

  private static void write(SimulatedOutcomeCsv csv, SimulatedOutcome outcome) {
    try {
      csv.write(outcome);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Plays {@code workload} on {@code fleet} and returns what came of it. */
  TrialResult play(Experiment.Setting setting, Workload workload, LongSupplier wallClock)
      throws IOException {
    long begunNanos = wallClock.getAsLong();
    SimulatedFleet fleet = setting.fleet();
    Simulation simulation =
        new Simulation(
            new VirtualGateway.Rules(fleet, Policies.named(run.policy()), setting.disclosure()),
            setting.faults(),
            run.seed(),
            this);
    long endNanos;
    try (ArrivalSource arrivals = workload.arrivals(run.rateScale(), run.seed())) {
      endNanos =
          simulation.play(
              workload.isClosedLoop()
                  ? ArrivalQueue.closedLoop(arrivals)
                  : ArrivalQueue.openLoop(arrivals));
    }
    Energy energy = new Energy();
    for (int i = 0; i < fleet.deployments().size(); i++) {
      energy.add(fleet.deployments().get(i).kind(), simulation.energy(i, endNanos));
    }
    progress.played((int) (tally.requests() % PROGRESS_STEP));
    progress.runFinished();
    double wallSeconds = (wallClock.getAsLong() - begunNanos) / 1e9;
    return new TrialResult(
        tally.result(lengths(endNanos, wallSeconds)),
        refusals,
        served,
        energy,
        timeline,
        placements);
  }

  private PolicyResult.Lengths lengths(long endNanos, double wallSeconds) {
    return new PolicyResult.Lengths((lastArrivalNanos + 1) / 1e9, endNanos / 1e9, wallSeconds);
  }
}
