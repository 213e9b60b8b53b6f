package dev.sluice.backends.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenChunk;
import dev.sluice.v1.FinishReason;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The adapter against servers that answer, refuse, misbehave and die. */
final class SluiceBackendTest {

  private static final int ALL = Integer.MAX_VALUE;

  private final Events events = new Events();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void tokensPassUndecodedAndTheEndIsRead() {
    start(script(call -> call.admitted().tokens(0, 1).tokens(1, 2).finished().close(Status.OK)))
        .request(ALL);
    TokenChunk first = events.next(TokenChunk.class);
    TokenChunk second = events.next(TokenChunk.class);
    assertThat(first.wire()).isEqualTo(ScriptedServer.tokensMessage(0, 1));
    assertThat(second.index()).isEqualTo(1);
    assertThat(second.count()).isEqualTo(2);
    assertThat(events.next(Completion.class))
        .isEqualTo(new Completion(Completion.Reason.STOP, 7, 3, 2));
  }

  @Test
  void nothingComesUnaskedButTheEnd() {
    BackendCall call =
        start(script(it -> it.admitted().tokens(0, 1).tokens(1, 1).finished().close(Status.OK)));
    call.request(1);
    assertThat(events.next(TokenChunk.class).index()).isZero();
    runAnotherToItsEnd();
    assertThat(events.pending()).isZero();
    call.request(1);
    assertThat(events.next(TokenChunk.class).index()).isEqualTo(1);
    assertThat(events.next(Completion.class).outputTokens()).isEqualTo(3);
  }

  /** By then anything else that was on its way has arrived. */
  private void runAnotherToItsEnd() {
    Events others = new Events();
    lastBackend().start(Fixtures.generation(), others).request(ALL);
    others.next(TokenChunk.class);
    others.next(TokenChunk.class);
    others.next(Completion.class);
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
    start(script(call -> refuse(call.admitted(), code, reason))).request(ALL);
    BackendFailure.Rejected rejected = events.next(BackendFailure.Rejected.class);
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
    start(script(call -> refuse(call, code, reason))).request(ALL);
    events.next(BackendFailure.Broke.class);
  }

  @Test
  void aGatewayThatBlamesItsBackendsProtocolPassesThatOn() {
    start(script(call -> refuse(call, Status.Code.INTERNAL, "BACKEND_PROTOCOL_ERROR")));
    events.next(BackendFailure.Protocol.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"OK"},
      mode = EnumSource.Mode.EXCLUDE)
  void afterATokenEveryErrorIsABreak(Status.Code code) {
    start(script(call -> refuse(call.admitted().tokens(0, 1), code, "OVERLOADED"))).request(ALL);
    events.next(TokenChunk.class);
    events.next(BackendFailure.Broke.class);
  }

  @Test
  void aRejectionSaysHowLongToStayAway() {
    start(script(call -> refuse(call, Status.Code.UNAVAILABLE, "OVERLOADED")));
    assertThat(events.next(BackendFailure.Rejected.class).retryAfterNanos())
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
    start(script(call -> call.close(Status.UNAVAILABLE, trailers)));
    assertThat(events.next(BackendFailure.Rejected.class).kind()).isEqualTo(Kind.OVERLOADED);
  }

  @Test
  void aForeignServersWordsAreNotRepeated() {
    start(
        script(
            call -> call.close(Status.INVALID_ARGUMENT.withDescription("bad prompt: 'a secret'"))));
    assertThat(events.next(BackendFailure.Rejected.class).detail())
        .contains("INVALID_ARGUMENT")
        .doesNotContain("secret");
  }

  @Test
  void garbageIsAProtocolError() {
    violates(call -> call.admitted().send(new byte[] {-1, -1, -1}));
    violates(call -> call.admitted().send(new byte[0]));
    violates(call -> call.send(new byte[] {-1}));
  }

  @Test
  void textThatIsNotUtf8IsAProtocolError() {
    byte[] message = ScriptedServer.tokensMessage(0, 1);
    message[message.length - 1] = (byte) 0xff;
    violates(call -> call.admitted().send(message));
  }

  @Test
  void aGapOrADuplicateIsAProtocolError() {
    violates(call -> call.admitted().tokens(1, 1));
    violates(call -> call.admitted().tokens(0, 2).tokens(3, 1));
    violates(call -> call.admitted().tokens(0, 2).tokens(1, 1));
    violates(call -> call.admitted().tokens(0, 1).tokens(0, 1));
  }

  @Test
  void anOrderOfEventsThatIsNotTheProtocolsIsAProtocolError() {
    violates(call -> call.tokens(0, 1));
    violates(ScriptedServer.Call::finished);
    violates(call -> call.admitted().admitted());
    violates(call -> call.admitted().finished().tokens(0, 1));
    violates(
        call ->
            call.admitted()
                .send(ScriptedServer.finishedMessage(FinishReason.FINISH_REASON_UNSPECIFIED)));
  }

  @Test
  void anEndWithoutItsAccountIsAProtocolError() {
    violates(call -> call.close(Status.OK));
    violates(call -> call.admitted().tokens(0, 1).close(Status.OK));
  }

  @Test
  void aMessageBeyondTheLimitIsAProtocolError() {
    byte[] large =
        GenerateResponse.newBuilder()
            .setTokens(Tokens.newBuilder().setCount(1).setText("x".repeat(4 * 1024 * 1024)))
            .build()
            .toByteArray();
    violates(call -> call.admitted().send(large));
  }

  @Test
  void anAnswerThatIsWholeStaysSoWhenTheStreamFailsAfterIt() {
    start(script(call -> call.admitted().tokens(0, 3).finished().close(Status.UNAVAILABLE)))
        .request(ALL);
    events.next(TokenChunk.class);
    events.next(Completion.class);
  }

  @Test
  void aRefusedConnectionMeansNothingWasSent() {
    Address nobody = Fixtures.nobody();
    start(nobody);
    BackendFailure.NeverSent failure = events.next(BackendFailure.NeverSent.class);
    assertThat(failure.detail()).contains(nobody.toString()).contains("Connection refused");
    Fixtures.until(() -> !lastBackend().reachable());
  }

  @Test
  void aBackendThatComesBackIsReachableAgain() {
    Address nobody = Fixtures.nobody();
    start(nobody);
    events.next(BackendFailure.NeverSent.class);
    Fixtures.until(() -> !lastBackend().reachable());
    opened.add(
        new ScriptedServer(
            nobody.port(), call -> call.admitted().tokens(0, 1).finished().close(Status.OK)));
    Fixtures.until(() -> lastBackend().reachable());
    lastBackend().start(Fixtures.generation(), events).request(ALL);
    events.next(TokenChunk.class);
    events.next(Completion.class);
  }

  @Test
  void aBackendThatDiesIsNoticedWithoutACall() {
    ScriptedServer server = script(call -> call.admitted().finished().close(Status.OK));
    start(server);
    events.next(Completion.class);
    server.close();
    Fixtures.until(() -> !lastBackend().reachable());
  }

  @Test
  void aRefusedStreamMeansNothingWasDone() {
    start(raw(RawServer.resetStream(7), RawServer.Then.STAY));
    events.next(BackendFailure.NeverSent.class);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "8", "11"})
  void anyOtherResetIsABreak(int errorCode) {
    start(raw(RawServer.resetStream(errorCode), RawServer.Then.STAY));
    events.next(BackendFailure.Broke.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = RawServer.Then.class,
      names = {"END", "RESET"})
  void aConnectionThatEndsInACallIsABreak(RawServer.Then then) {
    start(raw(new byte[0], then));
    events.next(BackendFailure.Broke.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = RawServer.Then.class,
      names = {"END", "RESET"})
  void aConnectionThatEndsAfterATokenIsABreak(RawServer.Then then) {
    byte[] admitted = {0x0a, 0};
    byte[] token = ScriptedServer.tokensMessage(0, 1);
    byte[] frames = RawServer.concat(RawServer.framed(admitted), RawServer.framed(token));
    start(raw(RawServer.answer(frames), then)).request(ALL);
    events.next(TokenChunk.class);
    events.next(BackendFailure.Broke.class);
  }

  @Test
  void aGoodbyeThatExcludesTheRequestMeansNothingWasDone() {
    start(raw(RawServer.goAway(1, 0), RawServer.Then.STAY));
    events.next(BackendFailure.NeverSent.class);
  }

  @Test
  void aStreamThatIsNotFramedAsGrpcIsAProtocolError() {
    byte[] noise = {77, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    start(raw(RawServer.answer(noise), RawServer.Then.STAY)).request(ALL);
    events.next(BackendFailure.Protocol.class);
  }

  @Test
  void cancellingReachesTheServerAndSilencesTheSink() {
    ScriptedServer server = script(call -> call.admitted().tokens(0, 1));
    BackendCall call = start(server);
    call.request(1);
    events.next(TokenChunk.class);
    call.cancel();
    server.awaitCancel();
    call.cancel();
    call.request(1);
    assertThat(events.pending()).isZero();
  }

  @Test
  void aSlowReaderHoldsTheServerBack() {
    AtomicInteger sent = new AtomicInteger();
    ScriptedServer server =
        script(
            call -> {
              call.admitted();
              Runnable more =
                  () -> {
                    while (call.isReady() && sent.get() < 100_000) {
                      call.tokens(sent.getAndIncrement(), 1);
                    }
                  };
              call.onReady(more);
              more.run();
            });
    BackendCall call = start(server);
    call.request(1);
    events.next(TokenChunk.class);
    Fixtures.until(new Settled(sent)::holds);
    int before = sent.get();
    assertThat(before * ScriptedServer.tokensMessage(1000, 1).length).isLessThan(192 * 1024);
    call.request(20_000);
    Fixtures.until(() -> sent.get() > before + 10_000);
    call.cancel();
  }

  /** Whether a number has stayed the same for a while. */
  private static final class Settled {
    private final AtomicInteger number;
    private int seen;
    private int times;

    private Settled(AtomicInteger number) {
      this.number = number;
    }

    boolean holds() {
      times = number.get() == seen ? times + 1 : 0;
      seen = number.get();
      return times > 50;
    }
  }

  @Test
  void theDeadlineIsTheBackendsToo() {
    Generation.Terms terms =
        new Generation.Terms(TimeUnit.MILLISECONDS.toNanos(50), 0, 0, 0, "", "", 0);
    ScriptedServer server = script(_ -> {});
    lastBackendAt(server.address()).start(Fixtures.generation(terms), events).request(ALL);
    assertThat(events.next(BackendFailure.Rejected.class).kind()).isEqualTo(Kind.DEADLINE_EXCEEDED);
    server.awaitCancel();
  }

  @Test
  void anInboundCallsEndDoesNotEndTheGeneration() {
    ScriptedServer server = script(call -> call.admitted().tokens(0, 1));
    Backend backend = lastBackendAt(server.address());
    Context.CancellableContext inbound = Context.ROOT.withCancellation();
    BackendCall[] call = new BackendCall[1];
    inbound.run(() -> call[0] = backend.start(Fixtures.generation(), events));
    call[0].request(1);
    events.next(TokenChunk.class);
    inbound.cancel(null);
    runUntilAnswered(backend);
    assertThat(events.pending()).isZero();
    call[0].cancel();
  }

  private static void runUntilAnswered(Backend backend) {
    Events others = new Events();
    BackendCall call = backend.start(Fixtures.generation(), others);
    call.request(1);
    others.next(TokenChunk.class);
    call.cancel();
  }

  @Test
  void closingBreaksWhatRuns() {
    start(script(call -> call.admitted().tokens(0, 1))).request(1);
    events.next(TokenChunk.class);
    lastBackend().close();
    events.next(BackendFailure.Broke.class);
    assertThat(lastBackend().reachable()).isFalse();
    lastBackend().start(Fixtures.generation(), events).request(1);
    events.next(BackendFailure.NeverSent.class);
  }

  @Test
  void severalConnectionsShareTheWork() {
    ScriptedServer server =
        script(call -> call.admitted().tokens(0, 1).finished().close(Status.OK));
    Backend backend = new SluiceBackend(server.address(), TimeUnit.SECONDS.toNanos(60), 3);
    opened.add(backend);
    for (int i = 0; i < 7; i++) {
      backend.start(Fixtures.generation(), events).request(1);
      events.next(TokenChunk.class);
      events.next(Completion.class);
    }
    assertThat(backend.toString()).contains("READY, READY, READY");
  }

  // ---- arrangements

  private void violates(Consumer<ScriptedServer.Call> answer) {
    start(script(answer)).request(ALL);
    Object event = events.next(Object.class);
    while (event instanceof TokenChunk) {
      event = events.next(Object.class);
    }
    assertThat(event).isInstanceOf(BackendFailure.Protocol.class);
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

  private ScriptedServer script(Consumer<ScriptedServer.Call> answer) {
    ScriptedServer server = new ScriptedServer(answer);
    opened.add(server);
    return server;
  }

  private Address raw(byte[] frames, RawServer.Then then) {
    RawServer server = new RawServer(frames, then);
    opened.add(server);
    return server.address();
  }

  private BackendCall start(ScriptedServer server) {
    return start(server.address());
  }

  private BackendCall start(Address address) {
    return lastBackendAt(address).start(Fixtures.generation(), events);
  }

  private Backend lastBackendAt(Address address) {
    Backend backend = Fixtures.backend(address);
    opened.add(backend);
    return backend;
  }

  private Backend lastBackend() {
    for (AutoCloseable each : opened.reversed()) {
      if (each instanceof Backend backend) {
        return backend;
      }
    }
    throw new AssertionError("no backend was opened");
  }
}
