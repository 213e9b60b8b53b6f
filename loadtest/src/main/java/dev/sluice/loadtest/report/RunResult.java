package dev.sluice.loadtest.report;

import dev.sluice.loadtest.workload.Schedule;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/**
 * A finished run.
 *
 * @param context what it takes to repeat it
 * @param machine where it ran
 * @param schedule what was to be sent
 * @param results what became of it: one for each request, in the schedule's order
 * @param tokenGaps gaps between tokens in nanoseconds, by class
 * @param client how the load generator fared
 * @param faults what was done to the backends meanwhile; null: nothing was planned
 */
public record RunResult(
    RunContext context,
    Machine machine,
    Schedule schedule,
    List<RequestResult> results,
    Map<String, AbstractHistogram> tokenGaps,
    ClientHealth client,
    @Nullable FaultObservation faults) {
  public RunResult {
    results = List.copyOf(results);
  }

  /** A run without planned faults. */
  public RunResult(
      RunContext context,
      Machine machine,
      Schedule schedule,
      List<RequestResult> results,
      Map<String, AbstractHistogram> tokenGaps,
      ClientHealth client) {
    this(context, machine, schedule, results, tokenGaps, client, null);
  }

  /** The same run with what was done to the backends meanwhile. */
  public RunResult with(FaultObservation observation) {
    return new RunResult(context, machine, schedule, results, tokenGaps, client, observation);
  }
}
