package dev.sluice.loadtest.report;

/**
 * What became of one request in virtual time.
 *
 * @param arrival what was asked for, and when
 * @param placement who served it; {@link Placement#NOWHERE} where nobody did
 * @param fate how it ended
 * @param forecastProbability that its budget is met, as forecast by the policy that routed it; NaN:
 *     it made no forecast
 * @param costUsd of all work done for it, in vain or not
 * @param energyJoules of all work done for it, in vain or not
 */
public record SimulatedOutcome(
    Arrival arrival,
    Placement placement,
    Fate fate,
    double forecastProbability,
    double costUsd,
    double energyJoules) {
  /**
   * A request as it came.
   *
   * @param id its place in the schedule
   * @param className its service class
   * @param arrivalNanos when it came, since the start of the run
   * @param inputTokens tokens of its prompt
   * @param outputTokens tokens of its answer in full
   */
  public record Arrival(
      long id, String className, long arrivalNanos, int inputTokens, int outputTokens) {
    public Arrival {
      Checks.notNegative("arrival of request " + id, arrivalNanos);
    }
  }

  /** How a request ended; all times count from its arrival. */
  public sealed interface Fate {
    /**
     * It was answered in full.
     *
     * @param queuedNanos until work on it began
     * @param ttftNanos to the first token
     * @param tpotNanos for each token after the first, on average; 0 for a single token
     * @param totalNanos to the last token
     * @param met whether every part of its budget was kept
     */
    record Completed(long queuedNanos, long ttftNanos, long tpotNanos, long totalNanos, boolean met)
        implements Fate {
      public Completed {
        if (queuedNanos < 0 || ttftNanos < queuedNanos || totalNanos < ttftNanos || tpotNanos < 0) {
          throw new IllegalArgumentException(
              "times: queued %d, TTFT %d, TPOT %d, total %d ns (expected: 0 ≤ queued ≤ TTFT ≤ total)"
                  .formatted(queuedNanos, ttftNanos, tpotNanos, totalNanos));
        }
      }
    }

    /** It was not. */
    record Failed(Ending ending) implements Fate {
      public Failed {
        if (ending.outcome() == Outcome.COMPLETED) {
          throw new IllegalArgumentException("ending: completed (expected: another)");
        }
      }
    }
  }

  public SimulatedOutcome {
    if (!(Double.isNaN(forecastProbability)
        || (forecastProbability >= 0 && forecastProbability <= 1))) {
      throw new IllegalArgumentException(
          "forecast of request "
              + arrival.id()
              + ": "
              + forecastProbability
              + " (expected: 0 … 1)");
    }
    Checks.notNegative("cost of request " + arrival.id(), costUsd);
    Checks.notNegative("energy of request " + arrival.id(), energyJoules);
  }

  boolean met() {
    return switch (fate) {
      case Fate.Completed completed -> completed.met();
      case Fate.Failed _ -> false;
    };
  }
}
