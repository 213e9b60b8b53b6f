package dev.sluice.loadtest.report;

import dev.sluice.loadtest.workload.ServiceClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The figures of a run. */
public final class RunReport {
  private final RunResult run;
  final Slice all;
  final Map<String, Slice> byClass;
  final Map<String, Slice> byAccelerator;
  final Map<String, Slice> byBackend;
  final LatencySample pacing;
  final ForecastError forecastError;
  final @Nullable FaultFigures faults;
  final @Nullable LedgerComparison ledgers;
  private final Verdict verdict;

  /** Computes the figures of a run. */
  public RunReport(RunResult run) {
    this.run = run;
    all = new Slice(run.results());
    byClass = byClass(run);
    byAccelerator = by(run.results(), result -> result.placement().accelerator());
    byBackend = by(run.results(), result -> result.placement().backend());
    pacing = Validity.pacing(all);
    forecastError = new ForecastError(run.results());
    FaultObservation observation = run.faults();
    faults = observation == null ? null : new FaultFigures(run, observation);
    ledgers = observation == null ? null : new LedgerComparison(run, observation);
    verdict = Validity.judge(run, all);
  }

  RunResult run() {
    return run;
  }

  /** Whether the run may be believed. */
  public Verdict verdict() {
    return verdict;
  }

  /**
   * Whether the faults of the run cost no stream and no token, and all books agree; true for a run
   * without faults.
   */
  public boolean intact() {
    return (faults == null || faults.intact()) && (ledgers == null || ledgers.equal());
  }

  /** Share of all arrivals that kept their budget. */
  public double attainment() {
    return all.attainment();
  }

  /** Whether there are enough arrivals to say that this attainment is reached. */
  public boolean canDecide(double attainment) {
    return attainment >= 1 || all.requests() >= LatencySample.samplesNeeded(attainment);
  }

  /** Number of arrivals. */
  public int requests() {
    return all.requests();
  }

  /** Number of arrivals that ended in a way. */
  public int count(Outcome outcome) {
    return all.count(outcome);
  }

  /** Requests a second that kept their budget. */
  public double goodput() {
    return all.attained() / (run.schedule().horizonNanos() / 1e9);
  }

  /** How long those waited for their refusal that were refused. */
  LatencySample refusals() {
    return LatencySample.of(run.results(), RequestResult::refusedAfterNanos);
  }

  /** Answers by where their counts of tokens are from. */
  Map<String, Integer> countedBy() {
    Map<String, Integer> answers = new TreeMap<>();
    for (RequestResult result : run.results()) {
      Account account = result.account();
      if (account != null && !account.countedBy().isEmpty()) {
        answers.merge(account.countedBy(), 1, Integer::sum);
      }
    }
    return answers;
  }

  /** Requests by reason of their failure, in the order of the names. */
  Map<String, Integer> reasons() {
    Map<String, Integer> reasons = new TreeMap<>();
    for (RequestResult result : run.results()) {
      if (!result.ending().reason().isEmpty()) {
        reasons.merge(result.ending().reason(), 1, Integer::sum);
      }
    }
    return reasons;
  }

  /** The same slice for each class, in the order of the schedule's classes. */
  static Map<String, Slice> byClass(RunResult run) {
    Map<String, List<RequestResult>> lists = new LinkedHashMap<>();
    for (ServiceClass each : run.schedule().classes()) {
      lists.put(each.name(), new ArrayList<>());
    }
    for (RequestResult result : run.results()) {
      lists
          .computeIfAbsent(result.request().serviceClass().name(), _ -> new ArrayList<>())
          .add(result);
    }
    Map<String, Slice> slices = new LinkedHashMap<>();
    lists.forEach((name, results) -> slices.put(name, new Slice(results)));
    return slices;
  }

  /** A slice for each key, by name; results with an empty key are in none. */
  static Map<String, Slice> by(List<RequestResult> results, Function<RequestResult, String> key) {
    Map<String, List<RequestResult>> lists = new TreeMap<>();
    for (RequestResult result : results) {
      if (!key.apply(result).isEmpty()) {
        lists.computeIfAbsent(key.apply(result), _ -> new ArrayList<>()).add(result);
      }
    }
    Map<String, Slice> slices = new LinkedHashMap<>();
    lists.forEach((name, list) -> slices.put(name, new Slice(list)));
    return slices;
  }
}
