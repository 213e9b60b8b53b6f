package dev.sluice.backends.emulated.server;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.emulated.fault.Misbehaviour;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.util.concurrent.TimeUnit;

/**
 * Why a call is not answered in full, as the caller is told.
 *
 * @param code the gRPC status code
 * @param reason stable word for programs
 * @param message for a person; no prompt text
 * @param retryAfterNanos how long to leave this server alone; 0 for no advice, below 0 for ever
 * @param tokensDelivered tokens that were sent before
 */
record Refusal(
    Status.Code code, String reason, String message, long retryAfterNanos, int tokensDelivered) {

  private static final String DOMAIN = "sluice.dev";
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private static final Metadata.Key<com.google.rpc.Status> DETAILS =
      Metadata.Key.of(
          "grpc-status-details-bin",
          ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

  private static final Metadata.Key<String> PUSHBACK_MILLIS =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  static Refusal malformed(String message) {
    return of(Status.Code.INVALID_ARGUMENT, "MALFORMED_REQUEST", message);
  }

  static Refusal of(Status.Code code, String reason, String message) {
    return new Refusal(code, reason, message, 0, 0);
  }

  /** What {@code failure} means to a caller who was sent {@code tokensDelivered} tokens. */
  static Refusal of(BackendFailure failure, int tokensDelivered) {
    return switch (failure) {
      case BackendFailure.NeverSent(String detail) ->
          of(Status.Code.UNAVAILABLE, "BACKEND_UNREACHABLE", detail);
      case BackendFailure.Rejected rejected -> of(rejected);
      case BackendFailure.Broke(String detail) ->
          new Refusal(
              Status.Code.UNAVAILABLE,
              tokensDelivered > 0 ? "STREAM_INTERRUPTED" : "BACKEND_UNREACHABLE",
              detail,
              0,
              tokensDelivered);
      case BackendFailure.Stalled(String detail) ->
          new Refusal(Status.Code.UNAVAILABLE, "BACKEND_STALLED", detail, 0, tokensDelivered);
      case BackendFailure.Protocol(String detail) ->
          new Refusal(Status.Code.INTERNAL, "BACKEND_PROTOCOL_ERROR", detail, 0, tokensDelivered);
    };
  }

  /** What a server says that was told to refuse. */
  static Refusal told(Misbehaviour.Refuse refuse) {
    Refusal refusal = told(refuse.code(), 0);
    return refuse.pushback() == null
        ? refusal
        : new Refusal(
            refusal.code, refusal.reason, refusal.message, refuse.pushback().toNanos(), 0);
  }

  /** What a server says that was told to fail after so many tokens. */
  static Refusal told(Status.Code code, int tokensDelivered) {
    boolean full = code == Status.Code.UNAVAILABLE || code == Status.Code.RESOURCE_EXHAUSTED;
    return new Refusal(
        code,
        full && tokensDelivered == 0 ? "OVERLOADED" : "TOLD_TO_FAIL",
        "this accelerator was told to misbehave",
        0,
        tokensDelivered);
  }

  /** What a server says that was told to come and go, while it is gone. */
  static Refusal flapping() {
    return told(Status.Code.UNAVAILABLE, 0);
  }

  private static Refusal of(BackendFailure.Rejected rejected) {
    return switch (rejected.kind()) {
      case OVERLOADED ->
          new Refusal(
              Status.Code.UNAVAILABLE,
              "OVERLOADED",
              rejected.detail(),
              rejected.retryAfterNanos(),
              0);
      case INVALID -> malformed(rejected.detail());
      case MISCONFIGURED -> of(Status.Code.NOT_FOUND, "MODEL_NOT_FOUND", rejected.detail());
      case DEADLINE_EXCEEDED ->
          of(Status.Code.DEADLINE_EXCEEDED, "DEADLINE_EXPIRED", rejected.detail());
    };
  }

  /** Whether something broke, rather than somebody having said no. */
  boolean isBreak() {
    return reason.startsWith("BACKEND_");
  }

  Status status() {
    return Status.fromCode(code).withDescription(message);
  }

  Metadata trailers() {
    ErrorInfo.Builder info = ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN);
    if (tokensDelivered > 0) {
      info.putMetadata("tokens_delivered", Integer.toString(tokensDelivered));
    }
    com.google.rpc.Status.Builder details =
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(message)
            .addDetails(Any.pack(info.build()));
    if (retryAfterNanos > 0) {
      details.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(retryDelay()).build()));
    }
    Metadata trailers = new Metadata();
    trailers.put(DETAILS, details.build());
    if (retryAfterNanos != 0) {
      long millis = TimeUnit.NANOSECONDS.toMillis(retryAfterNanos);
      trailers.put(PUSHBACK_MILLIS, Long.toString(Math.max(-1, millis)));
    }
    return trailers;
  }

  private Duration retryDelay() {
    return Duration.newBuilder()
        .setSeconds(retryAfterNanos / NANOS_PER_SECOND)
        .setNanos((int) (retryAfterNanos % NANOS_PER_SECOND))
        .build();
  }
}
