package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StatusesTest {

  /** The contract that callers program against. */
  private static final Map<Reason, Status.Code> TABLE =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Reason.MALFORMED_REQUEST, Status.Code.INVALID_ARGUMENT),
              Map.entry(Reason.BUDGET_INVALID, Status.Code.INVALID_ARGUMENT),
              Map.entry(Reason.BUDGET_BELOW_FLOOR, Status.Code.OUT_OF_RANGE),
              Map.entry(Reason.UNSUPPORTED, Status.Code.INVALID_ARGUMENT),
              Map.entry(Reason.MODEL_NOT_FOUND, Status.Code.NOT_FOUND),
              Map.entry(Reason.MESSAGE_TOO_LARGE, Status.Code.RESOURCE_EXHAUSTED),
              Map.entry(Reason.QUOTA_EXCEEDED, Status.Code.RESOURCE_EXHAUSTED),
              Map.entry(Reason.OVERLOADED, Status.Code.UNAVAILABLE),
              Map.entry(Reason.BUDGET_UNATTAINABLE, Status.Code.UNAVAILABLE),
              Map.entry(Reason.DRAINING, Status.Code.UNAVAILABLE),
              Map.entry(Reason.NO_BACKEND_AVAILABLE, Status.Code.UNAVAILABLE),
              Map.entry(Reason.BACKEND_UNREACHABLE, Status.Code.UNAVAILABLE),
              Map.entry(Reason.BACKEND_STALLED, Status.Code.UNAVAILABLE),
              Map.entry(Reason.STREAM_INTERRUPTED, Status.Code.UNAVAILABLE),
              Map.entry(Reason.BACKEND_PROTOCOL_ERROR, Status.Code.INTERNAL),
              Map.entry(Reason.INTERNAL, Status.Code.INTERNAL),
              Map.entry(Reason.DEADLINE_EXPIRED, Status.Code.DEADLINE_EXCEEDED),
              Map.entry(Reason.CLIENT_TOO_SLOW, Status.Code.CANCELLED),
              Map.entry(Reason.CALLER_CANCELLED, Status.Code.CANCELLED)));

  @Test
  void everyReasonHasItsStatus() {
    for (Reason reason : Reason.values()) {
      assertThat(Statuses.status(Failure.of(reason, "m")).getCode())
          .as("%s", reason)
          .isEqualTo(TABLE.get(reason));
    }
  }

  /** Faults §3.0. */
  private static final Map<Reason, Integer> HTTP =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(Reason.MALFORMED_REQUEST, 400),
              Map.entry(Reason.BUDGET_INVALID, 400),
              Map.entry(Reason.BUDGET_BELOW_FLOOR, 422),
              Map.entry(Reason.UNSUPPORTED, 400),
              Map.entry(Reason.MODEL_NOT_FOUND, 404),
              Map.entry(Reason.MESSAGE_TOO_LARGE, 413),
              Map.entry(Reason.QUOTA_EXCEEDED, 429),
              Map.entry(Reason.OVERLOADED, 503),
              Map.entry(Reason.BUDGET_UNATTAINABLE, 503),
              Map.entry(Reason.DRAINING, 503),
              Map.entry(Reason.NO_BACKEND_AVAILABLE, 503),
              Map.entry(Reason.BACKEND_UNREACHABLE, 502),
              Map.entry(Reason.BACKEND_STALLED, 502),
              Map.entry(Reason.STREAM_INTERRUPTED, 502),
              Map.entry(Reason.BACKEND_PROTOCOL_ERROR, 502),
              Map.entry(Reason.INTERNAL, 500),
              Map.entry(Reason.DEADLINE_EXPIRED, 504),
              Map.entry(Reason.CLIENT_TOO_SLOW, 499),
              Map.entry(Reason.CALLER_CANCELLED, 499)));

  @Test
  void everyReasonHasItsHttpStatus() {
    for (Reason reason : Reason.values()) {
      assertThat(Statuses.http(reason)).as("%s", reason).isEqualTo(HTTP.get(reason));
    }
  }

  @Test
  void whatABackendBrokeMayBeRepeatedAndWhatTheCallerGotWrongMayNot() {
    assertThat(Statuses.mayBeRepeated(Failure.of(Reason.BACKEND_UNREACHABLE, "m"))).isTrue();
    assertThat(Statuses.mayBeRepeated(Failure.of(Reason.OVERLOADED, "m").retryAfter(1))).isTrue();
    assertThat(Statuses.mayBeRepeated(Failure.of(Reason.OVERLOADED, "m"))).isFalse();
    assertThat(Statuses.mayBeRepeated(Failure.of(Reason.MODEL_NOT_FOUND, "m"))).isFalse();
  }

  @Test
  void theTrailersNameReasonDomainAndFacts() throws Exception {
    Failure failure =
        new Failure(
            Reason.BUDGET_UNATTAINABLE,
            "m",
            1_500_000_000,
            List.of(new Failure.Detail("achievable_ttft_ms", "412.000")));
    Metadata trailers = Statuses.trailers(failure, 0);
    com.google.rpc.Status status =
        StatusProto.fromStatusAndTrailers(Statuses.status(failure), trailers);
    ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
    assertThat(info.getReason()).isEqualTo("BUDGET_UNATTAINABLE");
    assertThat(info.getDomain()).isEqualTo("sluice.dev");
    assertThat(info.getMetadataMap()).containsEntry("achievable_ttft_ms", "412.000");
    RetryInfo retry = status.getDetails(1).unpack(RetryInfo.class);
    assertThat(retry.getRetryDelay().getSeconds()).isEqualTo(1);
    assertThat(retry.getRetryDelay().getNanos()).isEqualTo(500_000_000);
    assertThat(text(trailers, "grpc-retry-pushback-ms")).isEqualTo("1500");
    assertThat(text(trailers, "x-llm-d-request-dropped-reason"))
        .isEqualTo("rejected-slo-infeasible");
  }

  @Test
  void aFailureThatWillHappenAgainAsksNotToRetry() {
    Metadata trailers = Statuses.trailers(Failure.of(Reason.MODEL_NOT_FOUND, "m"), 0);
    assertThat(text(trailers, "grpc-retry-pushback-ms")).isEqualTo("-1");
  }

  private static @Nullable String text(Metadata trailers, String name) {
    return trailers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }
}
