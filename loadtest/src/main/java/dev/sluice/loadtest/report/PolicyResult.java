package dev.sluice.loadtest.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What came of one run in virtual time.
 *
 * @param run which one
 * @param counts requests by how they ended
 * @param parts the same by class, and who served
 * @param latencies quantiles over all arrivals
 * @param spending what all work cost
 * @param lengths how long the run was
 * @param detail what the plots show
 */
public record PolicyResult(
    PolicyRun run,
    Counts counts,
    Parts parts,
    Latencies latencies,
    Spending spending,
    Lengths lengths,
    PolicyDetail detail) {
  /**
   * Requests by how they ended: requests = completed + refused + failed.
   *
   * @param met those that were completed within their budget
   * @param refused those turned away before any work was done for them
   * @param failed those that ended in any other way
   */
  public record Counts(long requests, long met, long completed, long refused, long failed) {
    public Counts {
      if (met < 0 || met > completed || refused < 0 || failed < 0) {
        throw new IllegalArgumentException(
            "met %d, completed %d, refused %d, failed %d (expected: 0 ≤ met ≤ completed, none below 0)"
                .formatted(met, completed, refused, failed));
      }
      if (requests != completed + refused + failed) {
        throw new IllegalArgumentException(
            "requests: %d (expected: %d, which are completed, refused or failed)"
                .formatted(requests, completed + refused + failed));
      }
    }

    /** Share of all arrivals that kept their budget; 1 when there are none. */
    public double attainment() {
      return requests == 0 ? 1 : (double) met / requests;
    }
  }

  /**
   * Shares of the requests.
   *
   * @param byClass counts by class, in the order of the classes' declaration
   * @param completedByAccelerator completed requests by the kind that served them, by name
   */
  public record Parts(
      SequencedMap<String, Counts> byClass, SequencedMap<String, Long> completedByAccelerator) {
    public Parts {
      byClass = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(byClass));
      completedByAccelerator =
          Collections.unmodifiableSequencedMap(new LinkedHashMap<>(completedByAccelerator));
    }
  }

  /** Quantiles of time to first token and time per output token. */
  public record Latencies(LatencyQuantiles ttft, LatencyQuantiles tpot) {}

  /** What all work cost, work in vain included. */
  public record Spending(double costUsd, double energyJoules) {
    public Spending {
      Checks.notNegative("cost", costUsd);
      Checks.notNegative("energy", energyJoules);
    }
  }

  /**
   * Lengths of time.
   *
   * @param horizonSeconds in which requests arrive, and from which rates are computed
   * @param simulatedSeconds in virtual time, until the last request ended
   * @param wallSeconds that the simulation took; the one figure that differs between machines
   */
  public record Lengths(double horizonSeconds, double simulatedSeconds, double wallSeconds) {
    public Lengths {
      if (!(horizonSeconds > 0 && horizonSeconds < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("horizon: " + horizonSeconds + " s (expected: above 0)");
      }
      Checks.notNegative("simulated time", simulatedSeconds);
      Checks.notNegative("wall time", wallSeconds);
    }
  }

  /** Share of all arrivals that kept their budget; 1 when there are none. */
  public double attainment() {
    return counts.attainment();
  }

  /** Requests a second that kept their budget. */
  public double goodput() {
    return counts.met() / lengths.horizonSeconds();
  }

  /** Arrivals a second. */
  double rate() {
    return counts.requests() / lengths.horizonSeconds();
  }

  /** Share of the completed requests that a kind of accelerator served. */
  double shareOf(String accelerator) {
    long served = parts.completedByAccelerator().getOrDefault(accelerator, 0L);
    return counts.completed() == 0 ? 0 : (double) served / counts.completed();
  }
}
