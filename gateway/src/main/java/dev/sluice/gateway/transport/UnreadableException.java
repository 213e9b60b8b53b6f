package dev.sluice.gateway.transport;

import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;

/** A request can not be read; thrown and caught within the transport, so without a stack trace. */
public final class UnreadableException extends Exception {

  private final transient Failure failure;

  /** Refused for {@code reason}. */
  public UnreadableException(Reason reason, String message) {
    super(message, null, false, false);
    failure = Failure.of(reason, message);
  }

  /** What the caller is told. */
  public Failure failure() {
    return failure;
  }

  /** The request is not well formed. */
  public static UnreadableException malformed(String message) {
    return new UnreadableException(Reason.MALFORMED_REQUEST, message);
  }

  /** A budget is not. */
  public static UnreadableException budget(String message) {
    return new UnreadableException(Reason.BUDGET_INVALID, message);
  }
}
