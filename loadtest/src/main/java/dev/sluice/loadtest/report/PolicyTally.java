package dev.sluice.loadtest.report;

import dev.sluice.loadtest.report.PolicyResult.Counts;
import dev.sluice.loadtest.report.SimulatedOutcome.Fate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The figures of one run in virtual time, from its requests as they end, one at a time and in any
 * order. It keeps counts and bins only: its memory does not grow with the number of requests.
 */
public final class PolicyTally {
  private final PolicyRun run;
  private final ClassTally all = new ClassTally();
  private final SequencedMap<String, ClassTally> byClass = new LinkedHashMap<>();
  private final LatencyTally ttft = new LatencyTally();
  private final LatencyTally tpot = new LatencyTally();
  private final SliceTally slices = new SliceTally();
  private final ReliabilityTally reliability = new ReliabilityTally();
  private double costUsd;
  private double energyJoules;

  /**
   * A tally of nothing yet.
   *
   * @param classes names of all service classes, in the order of their declaration
   */
  public PolicyTally(PolicyRun run, List<String> classes) {
    this.run = run;
    classes.forEach(name -> byClass.put(name, new ClassTally()));
  }

  /** Adds a request that has ended. */
  public void add(SimulatedOutcome outcome) {
    String className = outcome.arrival().className();
    ClassTally ofClass = byClass.get(className);
    if (ofClass == null) {
      throw new IllegalArgumentException(
          "class of request %d: %s (expected: one of %s)"
              .formatted(outcome.arrival().id(), className, String.join(", ", byClass.keySet())));
    }
    ofClass.add(outcome.fate());
    all.add(outcome.fate());
    addLatencies(outcome);
    slices.add(outcome);
    reliability.add(outcome);
    costUsd += outcome.costUsd();
    energyJoules += outcome.energyJoules();
  }

  private void addLatencies(SimulatedOutcome outcome) {
    // A single token has no time per token; what was not answered is slower than everything.
    boolean severalTokens = outcome.arrival().outputTokens() > 1;
    switch (outcome.fate()) {
      case Fate.Completed completed -> {
        ttft.add(completed.ttftNanos());
        if (severalTokens) {
          tpot.add(completed.tpotNanos());
        }
      }
      case Fate.Failed _ -> {
        ttft.addFailure();
        if (severalTokens) {
          tpot.addFailure();
        }
      }
    }
  }

  /** Number of requests so far. */
  public long requests() {
    return all.counts().requests();
  }

  /** The figures so far. */
  public PolicyResult result(PolicyResult.Lengths lengths) {
    SequencedMap<String, Counts> classes = new LinkedHashMap<>();
    byClass.forEach((name, tally) -> classes.put(name, tally.counts()));
    return new PolicyResult(
        run,
        all.counts(),
        new PolicyResult.Parts(classes, slices.completedByAccelerator()),
        new PolicyResult.Latencies(LatencyQuantiles.of(ttft), LatencyQuantiles.of(tpot)),
        new PolicyResult.Spending(costUsd, energyJoules),
        lengths,
        new PolicyDetail(slices.widthNanos(), slices.slices(), reliability.bins(), ttft.curve()));
  }

  /** Counts of some requests. */
  private static final class ClassTally {
    private long met;
    private long completed;
    private long refused;
    private long failed;

    void add(Fate fate) {
      switch (fate) {
        case Fate.Completed each -> {
          completed++;
          met += each.met() ? 1 : 0;
        }
        case Fate.Failed(Ending ending) -> {
          refused += ending.outcome() == Outcome.REFUSED ? 1 : 0;
          failed += ending.outcome() == Outcome.REFUSED ? 0 : 1;
        }
      }
    }

    Counts counts() {
      return new Counts(completed + refused + failed, met, completed, refused, failed);
    }
  }
}
