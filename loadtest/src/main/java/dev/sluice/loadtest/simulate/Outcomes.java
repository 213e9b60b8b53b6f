package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.loadtest.report.Outcome;
import dev.sluice.loadtest.report.Placement;
import dev.sluice.loadtest.report.SimulatedOutcome;
import dev.sluice.loadtest.report.SimulatedOutcome.Fate;
import org.jspecify.annotations.Nullable;

/** Puts finished requests into the terms of the report. */
final class Outcomes {

  private Outcomes() {}

  static SimulatedOutcome of(FinishedRequest finished) {
    Arrival arrival = finished.arrival();
    return new SimulatedOutcome(
        new SimulatedOutcome.Arrival(
            arrival.id(),
            arrival.demand().serviceClass(),
            arrival.atNanos(),
            arrival.promptTokens(),
            arrival.outputTokens()),
        placement(finished.deployment()),
        fate(finished),
        finished.probability(),
        finished.spending().costUsd(),
        finished.spending().joules());
  }

  private static Placement placement(@Nullable Deployment deployment) {
    return deployment == null
        ? Placement.NOWHERE
        : new Placement(deployment.backend(), deployment.kind().name());
  }

  private static Fate fate(FinishedRequest finished) {
    FinishedRequest.Answer answer = finished.answer();
    return finished.ending().outcome() == Outcome.COMPLETED
        ? new Fate.Completed(
            answer.queuedNanos(),
            answer.ttftNanos(),
            answer.tpotNanos(),
            answer.totalNanos(),
            finished.met())
        : new Fate.Failed(finished.ending());
  }
}
