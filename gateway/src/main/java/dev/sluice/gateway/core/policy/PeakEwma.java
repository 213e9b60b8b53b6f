package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.DeploymentState;

/**
 * Peak EWMA as Finagle has it: of two candidates drawn by chance, the one with the lower {@code
 * cost · (pending + 1)}, where the cost is an average of answer times that rises at once with a
 * slow answer and fades with a time constant of ten seconds (science §1.2).
 *
 * <p>Who was never measured costs nothing while nothing is pending there, so that it is tried, and
 * more than anybody measured once something is, so that it is not flooded before its first answer.
 */
final class PeakEwma extends TwoChoices {

  /** Cost of a candidate that has requests but no answer yet: Finagle's Long.MaxValue >> 16. */
  private static final double PENALTY_NANOS = Long.MAX_VALUE >> 16;

  @Override
  public double score(Candidates candidates, int place) {
    DeploymentState state = candidates.state(place);
    int pending = state.load().inFlight();
    double costNanos = state.measured().peakNanos(candidates.nowNanos());
    return costNanos == 0 && pending != 0 ? -(PENALTY_NANOS + pending) : -costNanos * (pending + 1);
  }
}
