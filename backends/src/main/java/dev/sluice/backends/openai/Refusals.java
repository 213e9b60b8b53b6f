package dev.sluice.backends.openai;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.openai.http.ResponseHead;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Turns what a server says no with into a {@link BackendFailure}.
 *
 * <p>Of the server's words only the code and the type of the error are repeated, and only where
 * they are words: its message may quote the prompt.
 */
final class Refusals {

  private static final int OK = 200;
  private static final int LEAST_ERROR = 400;
  private static final int MOST_ERROR = 599;
  private static final int INTERNAL_ERROR = 500;

  /** For who says "not now" and not for how long. Chosen without measurement. */
  private static final long UNSAID_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final BaseUrl url;
  private final List<String> resets;

  Refusals(BaseUrl url, List<String> resets) {
    this.url = url;
    this.resets = resets;
  }

  /** The failure of an answer that says {@code what} against the protocol. */
  BackendFailure violation(String what) {
    return new BackendFailure.Protocol(detail(what));
  }

  /** The failure of an answer that broke off. */
  BackendFailure broke(String what) {
    return new BackendFailure.Broke(detail(what));
  }

  /** The failure of a request that never left. */
  BackendFailure neverSent(String what) {
    return new BackendFailure.NeverSent(detail(what));
  }

  /** The failure of a request that cannot be put to this engine. */
  BackendFailure invalid(String what) {
    return new BackendFailure.Rejected(Kind.INVALID, 0, detail(what));
  }

  /** The failure that an answer with another status than 200 means. */
  BackendFailure of(ResponseHead head, Event error) {
    return of(head.status(), RetryAfter.nanos(head, resets, Instant.now()), error);
  }

  /** How long the server will refuse what comes next, as an answer says; 0 when it does not. */
  long usedUpNanos(ResponseHead head) {
    return RetryAfter.nanosOfUsedUp(head, resets, Instant.now());
  }

  /** The failure that an error within a stream means, or instead of one. */
  BackendFailure inStream(Event error, boolean afterToken) {
    if (afterToken) {
      return new BackendFailure.Broke(detail("error in the stream" + words(error)));
    }
    return of(status(error), 0, error);
  }

  private static int status(Event error) {
    if (error.errorStatus >= LEAST_ERROR && error.errorStatus <= MOST_ERROR) {
      return (int) error.errorStatus;
    }
    return switch (error.errorCode.isEmpty() ? error.errorType : error.errorCode) {
      case "rate_limit_exceeded", "rate_limit_error", "tokens", "requests" -> 429;
      case "overloaded_error", "server_overloaded", "capacity_exceeded", "unavailable_error" -> 503;
      case "invalid_request_error",
          "context_length_exceeded",
          "exceed_context_size_error",
          "content_filter",
          "BadRequestError" ->
          400;
      default -> INTERNAL_ERROR;
    };
  }

  private BackendFailure of(int status, long saidNanos, Event error) {
    String detail = detail("HTTP " + status + words(error));
    if (status >= OK && status < LEAST_ERROR) {
      // another success than the one that was asked for, or a redirection, which is not followed
      return new BackendFailure.Rejected(Kind.MISCONFIGURED, 0, detail);
    }
    return switch (status) {
      case 401, 402, 403, 404, 405, 407, 421, 426, 501, 505 ->
          new BackendFailure.Rejected(Kind.MISCONFIGURED, 0, detail);
      case 429 -> limited(saidNanos, error, detail);
      // 498 is Groq's for a full flex tier, 529 that of several for overload
      case 408, 409, 412, 423, 425, 498, 503, 529 ->
          new BackendFailure.Rejected(Kind.OVERLOADED, orUnsaid(saidNanos), detail);
      default ->
          status >= LEAST_ERROR && status < INTERNAL_ERROR
              ? new BackendFailure.Rejected(Kind.INVALID, 0, detail)
              : new BackendFailure.Broke(detail);
    };
  }

  /** An account without money is no limit that ends by itself. */
  private static BackendFailure limited(long saidNanos, Event error, String detail) {
    boolean isEmpty =
        error.errorCode.equals("insufficient_quota")
            || error.errorCode.equals("billing_hard_limit_reached");
    return isEmpty
        ? new BackendFailure.Rejected(Kind.MISCONFIGURED, 0, detail)
        : new BackendFailure.Rejected(Kind.OVERLOADED, orUnsaid(saidNanos), detail);
  }

  private static long orUnsaid(long nanos) {
    return nanos > 0 ? nanos : UNSAID_NANOS;
  }

  private static String words(Event error) {
    String code = error.errorCode.isEmpty() ? "" : " " + error.errorCode;
    boolean isSame = error.errorType.equals(error.errorCode);
    return error.errorType.isEmpty() || isSame ? code : code + " " + error.errorType;
  }

  private String detail(String what) {
    return url.origin() + ": " + what;
  }
}
