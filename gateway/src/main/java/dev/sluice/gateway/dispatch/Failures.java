package dev.sluice.gateway.dispatch;

import dev.sluice.backends.BackendFailure;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.attempt.AttemptEvent.Again;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;

/** What a backend's failure means for the request. */
final class Failures {

  private Failures() {}

  /** The event that {@code failure} of an attempt makes. */
  static AttemptEvent.Failed event(int attempt, String backend, BackendFailure failure) {
    return switch (failure) {
      case BackendFailure.NeverSent _, BackendFailure.Broke _ ->
          failed(attempt, Reason.BACKEND_UNREACHABLE, backend, failure);
      case BackendFailure.Rejected rejected -> rejected(attempt, backend, rejected);
      case BackendFailure.Stalled _ -> failed(attempt, Reason.BACKEND_STALLED, backend, failure);
      case BackendFailure.Protocol _ ->
          failed(attempt, Reason.BACKEND_PROTOCOL_ERROR, backend, failure);
    };
  }

  private static AttemptEvent.Failed failed(
      int attempt, Reason reason, String backend, BackendFailure failure) {
    return new AttemptEvent.Failed(
        attempt, Failure.of(reason, message(backend, failure)), Again.ELSEWHERE);
  }

  private static AttemptEvent.Failed rejected(
      int attempt, String backend, BackendFailure.Rejected rejected) {
    String message = message(backend, rejected);
    return switch (rejected.kind()) {
      case OVERLOADED ->
          new AttemptEvent.Failed(
              attempt,
              Failure.of(Reason.OVERLOADED, message).retryAfter(rejected.retryAfterNanos()),
              Again.ELSEWHERE);
      case MISCONFIGURED ->
          new AttemptEvent.Failed(
              attempt, Failure.of(Reason.BACKEND_PROTOCOL_ERROR, message), Again.ELSEWHERE);
      case INVALID ->
          new AttemptEvent.Failed(
              attempt, Failure.of(Reason.MALFORMED_REQUEST, message), Again.NEVER);
      case DEADLINE_EXCEEDED ->
          new AttemptEvent.Failed(
              attempt, Failure.of(Reason.DEADLINE_EXPIRED, message), Again.NEVER);
    };
  }

  private static String message(String backend, BackendFailure failure) {
    return "backend " + backend + ": " + failure.detail();
  }
}
