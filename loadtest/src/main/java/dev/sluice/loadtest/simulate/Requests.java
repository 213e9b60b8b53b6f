package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Size;
import dev.sluice.loadtest.report.Ending;
import dev.sluice.loadtest.report.Outcome;

/** Puts arrivals into the core's disclosure, and the core's failures into those of the report. */
final class Requests {

  private Requests() {}

  /** What the gateway is told of {@code arrival}. */
  static InferenceRequest of(Arrival arrival, Disclosure disclosure) {
    return new InferenceRequest(
        Long.toString(arrival.id()),
        arrival.demand().model(),
        new Size(
            arrival.promptTokens(),
            disclosure.limit(arrival.outputTokens()),
            disclosure.hints() ? arrival.outputTokens() : 0,
            PromptHashes.prefix(arrival.prefix(), arrival.promptTokens())),
        arrival.demand().budget(),
        arrival.demand().serviceClass(),
        arrival.demand().constraints(),
        new InferenceRequest.Timing(arrival.atNanos(), Long.MAX_VALUE));
  }

  /** A request that never came past the decision. */
  static FinishedRequest refused(Arrival arrival, Failure failure) {
    return new FinishedRequest(
        arrival,
        ending(failure.reason()),
        null,
        FinishedRequest.Answer.NONE,
        false,
        Double.NaN,
        FinishedRequest.Spending.NOTHING);
  }

  /** How a request ended that failed for {@code reason}. */
  static Ending ending(Reason reason) {
    Outcome outcome =
        switch (reason) {
          case MALFORMED_REQUEST,
              BUDGET_INVALID,
              BUDGET_BELOW_FLOOR,
              UNSUPPORTED,
              MODEL_NOT_FOUND,
              MESSAGE_TOO_LARGE,
              QUOTA_EXCEEDED,
              OVERLOADED,
              BUDGET_UNATTAINABLE,
              DRAINING,
              NO_BACKEND_AVAILABLE ->
              Outcome.REFUSED;
          case DEADLINE_EXPIRED -> Outcome.EXPIRED;
          case CLIENT_TOO_SLOW, CALLER_CANCELLED -> Outcome.CANCELLED;
          case BACKEND_UNREACHABLE,
              BACKEND_STALLED,
              STREAM_INTERRUPTED,
              BACKEND_PROTOCOL_ERROR,
              INTERNAL ->
              Outcome.BROKEN;
        };
    return new Ending(outcome, reason.name());
  }
}
