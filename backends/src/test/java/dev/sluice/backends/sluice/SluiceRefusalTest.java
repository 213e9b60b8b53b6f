package dev.sluice.backends.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.TokenChunk;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server's status says of a generation: refused, broken, or badly set up. */
final class SluiceRefusalTest {

  private static final int ALL = Integer.MAX_VALUE;

  private final World world = new World();

  @AfterEach
  void closeAll() throws Exception {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, OVERLOADED, OVERLOADED",
    "UNAVAILABLE, DRAINING, OVERLOADED",
    "UNAVAILABLE, NO_BACKEND_AVAILABLE, OVERLOADED",
    "UNAVAILABLE, BUDGET_UNATTAINABLE, OVERLOADED",
    "UNAVAILABLE, , OVERLOADED",
    "RESOURCE_EXHAUSTED, QUOTA_EXCEEDED, OVERLOADED",
    "RESOURCE_EXHAUSTED, MESSAGE_TOO_LARGE, INVALID",
    "RESOURCE_EXHAUSTED, , OVERLOADED",
    "INVALID_ARGUMENT, MALFORMED_REQUEST, INVALID",
    "OUT_OF_RANGE, BUDGET_BELOW_FLOOR, INVALID",
    "NOT_FOUND, MODEL_NOT_FOUND, MISCONFIGURED",
    "UNAUTHENTICATED, , MISCONFIGURED",
    "PERMISSION_DENIED, , MISCONFIGURED",
    "UNIMPLEMENTED, , MISCONFIGURED",
    "FAILED_PRECONDITION, , MISCONFIGURED",
    "DEADLINE_EXCEEDED, DEADLINE_EXPIRED, DEADLINE_EXCEEDED",
  })
  void aNoBeforeTheFirstTokenIsARejection(Status.Code code, String reason, Kind kind) {
    world.start(world.script(call -> refuse(call.admitted(), code, reason))).request(ALL);
    BackendFailure.Rejected rejected = world.events.next(BackendFailure.Rejected.class);
    assertThat(rejected.kind()).isEqualTo(kind);
    assertThat(rejected.detail()).contains(code.name());
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, BACKEND_UNREACHABLE",
    "UNAVAILABLE, BACKEND_STALLED",
    "UNAVAILABLE, STREAM_INTERRUPTED",
    "INTERNAL, ",
    "UNKNOWN, ",
    "ABORTED, ",
    "CANCELLED, ",
    "DATA_LOSS, ",
    "ALREADY_EXISTS, ",
  })
  void anErrorThatMayHaveCostWorkIsABreak(Status.Code code, String reason) {
    world.start(world.script(call -> refuse(call, code, reason))).request(ALL);
    world.events.next(BackendFailure.Broke.class);
  }

  @Test
  void aGatewayThatBlamesItsBackendsProtocolPassesThatOn() {
    world.start(world.script(call -> refuse(call, Status.Code.INTERNAL, "BACKEND_PROTOCOL_ERROR")));
    world.events.next(BackendFailure.Protocol.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"OK"},
      mode = EnumSource.Mode.EXCLUDE)
  void afterATokenEveryErrorIsABreak(Status.Code code) {
    world
        .start(world.script(call -> refuse(call.admitted().tokens(0, 1), code, "OVERLOADED")))
        .request(ALL);
    world.events.next(TokenChunk.class);
    world.events.next(BackendFailure.Broke.class);
  }

  @Test
  void aRejectionSaysHowLongToStayAway() {
    world.start(world.script(call -> refuse(call, Status.Code.UNAVAILABLE, "OVERLOADED")));
    assertThat(world.events.next(BackendFailure.Rejected.class).retryAfterNanos())
        .isEqualTo(1_500_000_000);
  }

  @Test
  void detailsThatCannotBeReadAreNoReasonToThrow() {
    Metadata trailers = new Metadata();
    trailers.put(
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
        new byte[] {-1, -1, -1});
    trailers.put(
        Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), "soon");
    world.start(world.script(call -> call.close(Status.UNAVAILABLE, trailers)));
    assertThat(world.events.next(BackendFailure.Rejected.class).kind()).isEqualTo(Kind.OVERLOADED);
  }

  @Test
  void aForeignServersWordsAreNotRepeated() {
    world.start(
        world.script(
            call -> call.close(Status.INVALID_ARGUMENT.withDescription("bad prompt: 'a secret'"))));
    assertThat(world.events.next(BackendFailure.Rejected.class).detail())
        .contains("INVALID_ARGUMENT")
        .doesNotContain("secret");
  }

  private static void refuse(ScriptedServer.Call call, Status.Code code, String reason) {
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage("no");
    if (reason != null) {
      status.addDetails(
          Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain("sluice.dev").build()));
    }
    status.addDetails(
        Any.pack(
            RetryInfo.newBuilder()
                .setRetryDelay(Duration.newBuilder().setSeconds(1).setNanos(500_000_000))
                .build()));
    Metadata trailers =
        Objects.requireNonNull(StatusProto.toStatusException(status.build()).getTrailers());
    call.close(Status.fromCode(code).withDescription("no"), trailers);
  }
}
