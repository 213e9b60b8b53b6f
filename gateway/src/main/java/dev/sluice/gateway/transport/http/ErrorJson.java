package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import org.jspecify.annotations.Nullable;

/** Failures as the error object of OpenAI's API; {@code code} is the reason's name. */
final class ErrorJson {

  /** Longest name of a parameter, such as {@code messages[12].content[3].type}. */
  private static final int MOST_PARAM = 64;

  private ErrorJson() {}

  static JsonBytes write(JsonBytes out, Failure failure, int tokensDelivered) {
    begin(out, failure.message(), type(failure.reason()), param(failure), failure.reason().name());
    if (tokensDelivered > 0) {
      out.raw(",\"tokens_delivered\":").number(tokensDelivered);
    }
    for (Failure.Detail detail : failure.details()) {
      out.raw(",").string(detail.name()).raw(":").string(detail.value());
    }
    return out.raw("}}");
  }

  /** An error of the protocol, before anything was asked. */
  static JsonBytes write(JsonBytes out, String message, String type, String code) {
    return begin(out, message, type, null, code).raw("}}");
  }

  private static JsonBytes begin(
      JsonBytes out, String message, String type, @Nullable String param, String code) {
    out.raw("{\"error\":{\"message\":").string(message).raw(",\"type\":").string(type);
    return out.raw(",\"param\":").string(param).raw(",\"code\":").string(code);
  }

  private static String type(Reason reason) {
    return switch (reason.category()) {
      case CALLER -> reason == Reason.DEADLINE_EXPIRED ? "timeout_error" : "invalid_request_error";
      case CAPACITY -> "overloaded_error";
      case BACKEND -> "upstream_error";
      case INTERNAL -> "server_error";
    };
  }

  /** Messages on what is not well formed begin with the name of the field and a colon. */
  private static @Nullable String param(Failure failure) {
    return switch (failure.reason()) {
      case MALFORMED_REQUEST, BUDGET_INVALID, UNSUPPORTED -> {
        int end = failure.message().indexOf(": ");
        String name = end < 0 ? "" : failure.message().substring(0, end);
        yield end > MOST_PARAM || name.isEmpty() || name.contains(" ") || name.equals("body")
            ? null
            : name;
      }
      case MODEL_NOT_FOUND -> "model";
      case BUDGET_BELOW_FLOOR,
          MESSAGE_TOO_LARGE,
          QUOTA_EXCEEDED,
          OVERLOADED,
          BUDGET_UNATTAINABLE,
          DRAINING,
          NO_BACKEND_AVAILABLE,
          BACKEND_UNREACHABLE,
          BACKEND_STALLED,
          STREAM_INTERRUPTED,
          BACKEND_PROTOCOL_ERROR,
          DEADLINE_EXPIRED,
          CLIENT_TOO_SLOW,
          CALLER_CANCELLED,
          INTERNAL ->
          null;
    };
  }
}
