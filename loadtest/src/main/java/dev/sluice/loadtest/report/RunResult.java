package dev.sluice.loadtest.report;

import dev.sluice.loadtest.workload.Schedule;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;

/**
 * A finished run.
 *
 * @param context what it takes to repeat it
 * @param machine where it ran
 * @param schedule what was to be sent
 * @param results what became of it: one for each request, in the schedule's order
 * @param tokenGaps gaps between tokens in nanoseconds, by class
 * @param client how the load generator fared
 */
public record RunResult(
    RunContext context,
    Machine machine,
    Schedule schedule,
    List<RequestResult> results,
    Map<String, AbstractHistogram> tokenGaps,
    ClientHealth client) {
  public RunResult {
    results = List.copyOf(results);
  }
}
