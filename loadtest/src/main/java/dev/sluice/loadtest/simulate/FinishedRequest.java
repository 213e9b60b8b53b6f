package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.loadtest.report.Ending;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request.
 *
 * @param arrival as it came
 * @param ending how it ended
 * @param deployment who was asked last; null: nobody
 * @param answer what it got, and when
 * @param met whether it was answered in full within every part of its budget
 * @param probability that it would be, as forecast when it was sent; not a number: nobody was asked
 * @param spending what the work on it cost
 */
record FinishedRequest(
    Arrival arrival,
    Ending ending,
    @Nullable Deployment deployment,
    Answer answer,
    boolean met,
    double probability,
    Spending spending) {

  /**
   * What a request got; all times count from its arrival.
   *
   * @param tokens tokens of the answer that came
   * @param queuedNanos until an engine began to work on it; 0 when none did
   * @param ttftNanos to the first token; 0 without one
   * @param tpotNanos for each token after the first, on average; 0 without two
   * @param totalNanos to its end, however it ended
   */
  record Answer(int tokens, long queuedNanos, long ttftNanos, long tpotNanos, long totalNanos) {

    static final Answer NONE = new Answer(0, 0, 0, 0, 0);

    Answer endingAt(long nanos) {
      return new Answer(tokens, queuedNanos, ttftNanos, tpotNanos, nanos);
    }
  }

  /**
   * What the work on a request cost, in vain or not.
   *
   * @param costUsd US dollars, as the gateway books them
   * @param joules energy, as the engine used it
   */
  record Spending(double costUsd, double joules) {
    static final Spending NOTHING = new Spending(0, 0);

    Spending plus(double moreUsd, double moreJoules) {
      return new Spending(costUsd + moreUsd, joules + moreJoules);
    }
  }
}
