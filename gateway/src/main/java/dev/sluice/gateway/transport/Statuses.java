package dev.sluice.gateway.transport;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import org.jspecify.annotations.Nullable;

/**
 * Maps failures to the statuses of gRPC and of HTTP: the only place that does (faults §3.0, wire
 * §C.2).
 */
public final class Statuses {

  static final String DOMAIN = "sluice.dev";

  private static final Metadata.Key<com.google.rpc.Status> DETAILS =
      Metadata.Key.of(
          "grpc-status-details-bin",
          ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> DROPPED =
      Metadata.Key.of("x-llm-d-request-dropped-reason", Metadata.ASCII_STRING_MARSHALLER);

  private Statuses() {}

  /** The status of gRPC. */
  public static Status status(Failure failure) {
    return Status.fromCode(code(failure.reason())).withDescription(failure.message());
  }

  /** Trailers that say in full what the status says in short. */
  public static Metadata trailers(Failure failure, int tokensDelivered) {
    ErrorInfo.Builder info =
        ErrorInfo.newBuilder().setReason(failure.reason().name()).setDomain(DOMAIN);
    failure.details().forEach(detail -> info.putMetadata(detail.name(), detail.value()));
    if (tokensDelivered > 0) {
      info.putMetadata("tokens_delivered", Integer.toString(tokensDelivered));
    }
    com.google.rpc.Status.Builder details =
        com.google.rpc.Status.newBuilder()
            .setCode(code(failure.reason()).value())
            .setMessage(failure.message())
            .addDetails(Any.pack(info.build()));
    if (failure.retryAfterNanos() > 0) {
      details.addDetails(Any.pack(retryInfo(failure.retryAfterNanos())));
    }
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, details.build());
    trailers.put(PUSHBACK, Long.toString(pushbackMillis(failure)));
    String dropped = droppedReason(failure.reason());
    if (dropped != null) {
      trailers.put(DROPPED, dropped);
    }
    return trailers;
  }

  private static Status.Code code(Reason reason) {
    return switch (reason) {
      case MALFORMED_REQUEST, BUDGET_INVALID, UNSUPPORTED -> Status.Code.INVALID_ARGUMENT;
      case BUDGET_BELOW_FLOOR -> Status.Code.OUT_OF_RANGE;
      case MODEL_NOT_FOUND -> Status.Code.NOT_FOUND;
      case MESSAGE_TOO_LARGE, QUOTA_EXCEEDED -> Status.Code.RESOURCE_EXHAUSTED;
      case OVERLOADED,
          BUDGET_UNATTAINABLE,
          DRAINING,
          NO_BACKEND_AVAILABLE,
          BACKEND_UNREACHABLE,
          BACKEND_STALLED,
          STREAM_INTERRUPTED ->
          Status.Code.UNAVAILABLE;
      case BACKEND_PROTOCOL_ERROR, INTERNAL -> Status.Code.INTERNAL;
      case DEADLINE_EXPIRED -> Status.Code.DEADLINE_EXCEEDED;
      case CLIENT_TOO_SLOW, CALLER_CANCELLED -> Status.Code.CANCELLED;
    };
  }

  /** The status of HTTP; 499, which no caller ever sees, is for those that are gone. */
  public static int http(Reason reason) {
    return switch (reason) {
      case MALFORMED_REQUEST, BUDGET_INVALID, UNSUPPORTED -> 400;
      case MODEL_NOT_FOUND -> 404;
      case MESSAGE_TOO_LARGE -> 413;
      case BUDGET_BELOW_FLOOR -> 422;
      case QUOTA_EXCEEDED -> 429;
      case INTERNAL -> 500;
      case BACKEND_UNREACHABLE, BACKEND_STALLED, STREAM_INTERRUPTED, BACKEND_PROTOCOL_ERROR -> 502;
      case OVERLOADED, BUDGET_UNATTAINABLE, DRAINING, NO_BACKEND_AVAILABLE -> 503;
      case DEADLINE_EXPIRED -> 504;
      case CLIENT_TOO_SLOW, CALLER_CANCELLED -> 499;
    };
  }

  /** Whether it is worth to send the same request again. */
  public static boolean mayBeRepeated(Failure failure) {
    return switch (failure.reason().category()) {
      case BACKEND -> true;
      case CAPACITY, CALLER, INTERNAL -> failure.retryAfterNanos() > 0;
    };
  }

  /**
   * llm-d's word for a request that was dropped before any accelerator worked on it; null where it
   * has none.
   */
  public static @Nullable String droppedReason(Reason reason) {
    return switch (reason) {
      case OVERLOADED -> "rejected-saturated";
      case NO_BACKEND_AVAILABLE -> "rejected-no-endpoints";
      case DRAINING -> "rejected-shutting-down";
      case BUDGET_UNATTAINABLE, BUDGET_BELOW_FLOOR -> "rejected-slo-infeasible";
      case MALFORMED_REQUEST,
          BUDGET_INVALID,
          UNSUPPORTED,
          MODEL_NOT_FOUND,
          MESSAGE_TOO_LARGE,
          QUOTA_EXCEEDED,
          BACKEND_UNREACHABLE,
          BACKEND_STALLED,
          STREAM_INTERRUPTED,
          BACKEND_PROTOCOL_ERROR,
          INTERNAL,
          DEADLINE_EXPIRED,
          CLIENT_TOO_SLOW,
          CALLER_CANCELLED ->
          null;
    };
  }

  private static RetryInfo retryInfo(long nanos) {
    return RetryInfo.newBuilder().setRetryDelay(Durations.of(nanos)).build();
  }

  /** -1 tells gRPC clients not to retry by themselves. */
  private static long pushbackMillis(Failure failure) {
    return failure.retryAfterNanos() > 0 ? Math.max(1, failure.retryAfterNanos() / 1_000_000) : -1;
  }
}
