package dev.sluice.gateway.transport;

import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;

/** A request can not be read; thrown and caught within the transport, so without a stack trace. */
final class UnreadableException extends Exception {

  private final transient Failure failure;

  UnreadableException(Reason reason, String message) {
    super(message, null, false, false);
    failure = Failure.of(reason, message);
  }

  Failure failure() {
    return failure;
  }

  static UnreadableException malformed(String message) {
    return new UnreadableException(Reason.MALFORMED_REQUEST, message);
  }

  static UnreadableException budget(String message) {
    return new UnreadableException(Reason.BUDGET_INVALID, message);
  }
}
