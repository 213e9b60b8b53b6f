package dev.sluice.gateway.dispatch;

import dev.sluice.backends.BackendFailure;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;

/** What a backend's failure means for the request. */
final class Failures {

  private Failures() {}

  /** The event that {@code failure} makes when {@code deliveredTokens} tokens came before it. */
  static AttemptEvent.AttemptFailed event(
      String backend, BackendFailure failure, int deliveredTokens) {
    boolean begun = deliveredTokens > 0;
    return switch (failure) {
      case BackendFailure.NeverSent(String detail) ->
          failed(Reason.BACKEND_UNREACHABLE, backend, detail, true);
      case BackendFailure.Rejected rejected -> rejected(backend, rejected);
      case BackendFailure.Broke(String detail) ->
          failed(
              begun ? Reason.STREAM_INTERRUPTED : Reason.BACKEND_UNREACHABLE,
              backend,
              detail,
              false);
      case BackendFailure.Stalled(String detail) ->
          failed(Reason.BACKEND_STALLED, backend, detail, false);
      case BackendFailure.Protocol(String detail) ->
          failed(Reason.BACKEND_PROTOCOL_ERROR, backend, detail, false);
    };
  }

  private static AttemptEvent.AttemptFailed rejected(
      String backend, BackendFailure.Rejected rejected) {
    return switch (rejected.kind()) {
      case OVERLOADED -> {
        Failure failure =
            Failure.of(Reason.OVERLOADED, message(backend, rejected.detail()))
                .retryAfter(rejected.retryAfterNanos());
        yield new AttemptEvent.AttemptFailed(failure, true);
      }
      case INVALID -> failed(Reason.MALFORMED_REQUEST, backend, rejected.detail(), false);
      case MISCONFIGURED -> failed(Reason.BACKEND_PROTOCOL_ERROR, backend, rejected.detail(), true);
      case DEADLINE_EXCEEDED -> failed(Reason.DEADLINE_EXPIRED, backend, rejected.detail(), false);
    };
  }

  private static AttemptEvent.AttemptFailed failed(
      Reason reason, String backend, String detail, boolean untouched) {
    return new AttemptEvent.AttemptFailed(Failure.of(reason, message(backend, detail)), untouched);
  }

  private static String message(String backend, String detail) {
    return "backend " + backend + ": " + detail;
  }
}
