package dev.sluice.backends.emulated.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.profile.AcceleratorKind;
import dev.sluice.v1.Accelerator;
import dev.sluice.v1.Budget;
import dev.sluice.v1.BudgetPart;
import dev.sluice.v1.Finished;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.ListModelsRequest;
import dev.sluice.v1.Sampling;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server over a backend that the test plays, through a standard client. */
final class AcceleratorServerTest {

  private static final GenerateRequest REQUEST =
      GenerateRequest.newBuilder().setModel("m").setText("hello").setRequestId("r-1").build();

  private static final String KILOBYTE = "x".repeat(1024);

  /** So long without being asked means that nobody will ask. */
  private static final int QUIET_POLLS = 100;

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final HandDrivenBackend backend = new HandDrivenBackend();
  private final AtomicLong nowNanos = new AtomicLong(1_000);
  private final AcceleratorServer server =
      new AcceleratorServer(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          new AcceleratorServer.Served("m", "h100-m", AcceleratorKind.GPU, 4_096),
          backend,
          nowNanos::get);
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    server.start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port())
            .usePlaintext()
            .flowControlWindow(64 * 1024)
            .build();
  }

  @AfterEach
  void close() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void anAnswerIsAdmittedThenTokensThenFinished() throws InterruptedException {
    Iterator<GenerateResponse> answer = stub().generate(REQUEST);
    HandDrivenBackend.Started call = backend.next();
    nowNanos.addAndGet(50_000_000);
    call.sink().tokens(TokenChunk.ofText(0, 1, "Grüße"));
    nowNanos.addAndGet(20_000_000);
    call.sink().tokens(withIds(1, 2, "", List.of(5, 70_000)));
    call.sink().finished(new Completion(Completion.Reason.LENGTH, 4, 3, 1));

    GenerateResponse admitted = answer.next();
    assertThat(admitted.getAdmitted().getRequestId()).isEqualTo("r-1");
    assertThat(admitted.getAdmitted().getBackend()).isEqualTo("h100-m");
    assertThat(admitted.getAdmitted().getAccelerator()).isEqualTo(Accelerator.ACCELERATOR_GPU);
    assertThat(answer.next().getTokens().getText()).isEqualTo("Grüße");
    GenerateResponse second = answer.next();
    assertThat(second.getTokens().getIndex()).isEqualTo(1);
    assertThat(second.getTokens().getCount()).isEqualTo(2);
    assertThat(second.getTokens().getIdsList()).containsExactly(5, 70_000);
    Finished finished = answer.next().getFinished();
    assertThat(finished.getUsage().getOutputTokens()).isEqualTo(3);
    assertThat(finished.getUsage().getCachedInputTokens()).isEqualTo(1);
    assertThat(finished.getTimeToFirstToken()).isEqualTo(millis(50));
    assertThat(finished.getTimePerOutputToken()).isEqualTo(millis(10));
    assertThat(finished.getTotal()).isEqualTo(millis(70));
    assertThat(finished.getBudget().getMet()).isTrue();
    assertThat(answer.hasNext()).isFalse();
  }

  @Test
  void theBudgetsOutcomeNamesWhatWasMissed() throws InterruptedException {
    Budget budget =
        Budget.newBuilder().setTimeToFirstToken(millis(10)).setTotal(millis(1_000)).build();
    Iterator<GenerateResponse> answer =
        stub().generate(REQUEST.toBuilder().setBudget(budget).build());
    HandDrivenBackend.Started call = backend.next();
    assertThat(call.generation().terms().firstTokenNanos()).isEqualTo(10_000_000);
    nowNanos.addAndGet(11_000_000);
    call.sink().tokens(TokenChunk.ofText(0, 1, "a"));
    call.sink().finished(new Completion(Completion.Reason.STOP, 1, 1, 0));
    answer.next();
    answer.next();
    Finished finished = answer.next().getFinished();
    assertThat(finished.getBudget().getMet()).isFalse();
    assertThat(finished.getBudget().getMissedList())
        .containsExactly(BudgetPart.BUDGET_PART_TIME_TO_FIRST_TOKEN);
  }

  @Test
  void theBackendGetsAllThatTheRequestSays() throws InterruptedException {
    stub()
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .generate(
            REQUEST.toBuilder()
                .setSampling(Sampling.newBuilder().setMaxOutputTokens(9).setTemperature(0.5))
                .setSession("s")
                .build());
    HandDrivenBackend.Started call = backend.next();
    assertThat(call.generation().model()).isEqualTo("m");
    assertThat(call.generation().prompt()).isEqualTo(new Prompt.Text("hello"));
    assertThat(call.generation().sampling().maxOutputTokens()).isEqualTo(9);
    assertThat(call.generation().sampling().temperature()).isEqualTo(0.5);
    assertThat(call.generation().terms().session()).isEqualTo("s");
    assertThat(call.generation().terms().timeoutNanos())
        .isBetween(1L, TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void badRequestsAreRefusedWithTheirReasonAndCostTheBackendNothing() {
    refused(request -> request.setModel("other"), Status.Code.NOT_FOUND, "MODEL_NOT_FOUND");
    refused(request -> request.setText(""), Status.Code.INVALID_ARGUMENT, "MALFORMED_REQUEST");
    refused(
        GenerateRequest.Builder::clearPrompt, Status.Code.INVALID_ARGUMENT, "MALFORMED_REQUEST");
    refused(
        request -> request.setRequestId("two words"),
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
    refused(
        request -> request.setSampling(Sampling.newBuilder().setTemperature(Double.NaN)),
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
    refused(
        request -> request.setSampling(Sampling.newBuilder().setMaxOutputTokens(-1)),
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
    refused(
        request -> request.setBudget(Budget.newBuilder().setTotal(millis(0))),
        Status.Code.INVALID_ARGUMENT,
        "BUDGET_INVALID");
    refused(
        request -> request.setText("x".repeat(4 * 1024 * 1024)),
        Status.Code.RESOURCE_EXHAUSTED,
        "MESSAGE_TOO_LARGE");
    assertThat(backend.pending()).isZero();
  }

  private void refused(Consumer<GenerateRequest.Builder> change, Status.Code code, String reason) {
    GenerateRequest.Builder request = REQUEST.toBuilder();
    change.accept(request);
    assertThatThrownBy(() -> stub().generate(request.build()).hasNext())
        .satisfies(
            thrown -> {
              assertThat(Status.fromThrowable(thrown).getCode()).isEqualTo(code);
              assertThat(info(thrown).getReason()).isEqualTo(reason);
              assertThat(info(thrown).getDomain()).isEqualTo("sluice.dev");
            });
  }

  @Test
  void garbageIsRefusedWithItsReason() throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call =
        channel.newCall(
            InferenceGrpc.getGenerateMethod().toBuilder(new RequestBytes(), new ResponseBytes())
                .build(),
            CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    call.sendMessage(new byte[] {-1, -1});
    call.halfClose();
    Status status = end.get(20, TimeUnit.SECONDS);
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("not a sluice.v1.GenerateRequest");
  }

  @Test
  void whatTheBackendSaysBecomesItsStatus() throws InterruptedException {
    fails(new BackendFailure.NeverSent("d"), Status.Code.UNAVAILABLE, "BACKEND_UNREACHABLE");
    fails(
        new BackendFailure.Rejected(Kind.OVERLOADED, 0, "d"),
        Status.Code.UNAVAILABLE,
        "OVERLOADED");
    fails(
        new BackendFailure.Rejected(Kind.INVALID, 0, "d"),
        Status.Code.INVALID_ARGUMENT,
        "MALFORMED_REQUEST");
    fails(
        new BackendFailure.Rejected(Kind.MISCONFIGURED, 0, "d"),
        Status.Code.NOT_FOUND,
        "MODEL_NOT_FOUND");
    fails(
        new BackendFailure.Rejected(Kind.DEADLINE_EXCEEDED, 0, "d"),
        Status.Code.DEADLINE_EXCEEDED,
        "DEADLINE_EXPIRED");
    fails(new BackendFailure.Broke("d"), Status.Code.UNAVAILABLE, "BACKEND_UNREACHABLE");
    fails(new BackendFailure.Stalled("d"), Status.Code.UNAVAILABLE, "BACKEND_STALLED");
    fails(new BackendFailure.Protocol("d"), Status.Code.INTERNAL, "BACKEND_PROTOCOL_ERROR");
  }

  private void fails(BackendFailure failure, Status.Code code, String reason)
      throws InterruptedException {
    Iterator<GenerateResponse> answer = stub().generate(REQUEST);
    backend.next().sink().failed(failure);
    assertThatThrownBy(answer::hasNext)
        .satisfies(
            thrown -> {
              assertThat(Status.fromThrowable(thrown).getCode()).isEqualTo(code);
              assertThat(info(thrown).getReason()).isEqualTo(reason);
            });
  }

  @Test
  void aBreakAfterTokensSaysHowManyWereDelivered() throws InterruptedException {
    Iterator<GenerateResponse> answer = stub().generate(REQUEST);
    HandDrivenBackend.Started call = backend.next();
    call.sink().tokens(TokenChunk.ofText(0, 3, "a b c"));
    call.sink().failed(new BackendFailure.Broke("gone"));
    answer.next();
    answer.next();
    assertThatThrownBy(answer::hasNext)
        .satisfies(
            thrown -> {
              assertThat(info(thrown).getReason()).isEqualTo("STREAM_INTERRUPTED");
              assertThat(info(thrown).getMetadataMap()).containsEntry("tokens_delivered", "3");
            });
  }

  @Test
  void anOverloadedBackendsAdviceIsPassedOn() throws InterruptedException {
    Iterator<GenerateResponse> answer = stub().generate(REQUEST);
    backend.next().sink().failed(new BackendFailure.Rejected(Kind.OVERLOADED, 250_000_000, "d"));
    assertThatThrownBy(answer::hasNext)
        .satisfies(
            thrown ->
                assertThat(detail(thrown, RetryInfo.class).getRetryDelay()).isEqualTo(millis(250)));
  }

  @Test
  void aCallThatIsGivenUpEndsAtTheBackend() throws InterruptedException {
    io.grpc.Context.CancellableContext context = io.grpc.Context.ROOT.withCancellation();
    context.run(() -> stub().generate(REQUEST));
    HandDrivenBackend.Started call = backend.next();
    context.cancel(null);
    call.awaitCancel();
    call.sink().tokens(TokenChunk.ofText(0, 1, "too late"));
    call.sink().finished(new Completion(Completion.Reason.STOP, 1, 1, 0));
  }

  @Test
  void aReaderWhoDoesNotReadIsNotServed() throws InterruptedException {
    ClientCall<GenerateRequest, GenerateResponse> unread =
        channel.newCall(InferenceGrpc.getGenerateMethod(), CallOptions.DEFAULT);
    unread.start(new ClientCall.Listener<>() {}, new Metadata());
    unread.sendMessage(REQUEST);
    unread.halfClose();
    HandDrivenBackend.Started call = backend.next();
    int index = 0;
    for (int quietPolls = 0; quietPolls < QUIET_POLLS && index < 10_000; quietPolls++) {
      while (index < call.asked().get()) {
        call.sink().tokens(TokenChunk.ofText(index++, 1, KILOBYTE));
        quietPolls = 0;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    // what gRPC buffers on both sides, and not more
    assertThat(index).isBetween(32, 512);
    unread.cancel("enough", null);
    call.awaitCancel();
  }

  @Test
  void modelsHealthAndReflectionAreServed() {
    assertThat(stub().listModels(ListModelsRequest.getDefaultInstance()).getModels(0).getName())
        .isEqualTo("m");
    assertThat(
            HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(services()).contains("sluice.v1.Inference", "grpc.health.v1.Health");
  }

  private List<String> services() {
    CompletableFuture<List<String>> names = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    names.complete(
                        response.getListServicesResponse().getServiceList().stream()
                            .map(ServiceResponse::getName)
                            .toList());
                  }

                  @Override
                  public void onError(Throwable thrown) {
                    names.completeExceptionally(thrown);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    List<String> found = names.orTimeout(20, TimeUnit.SECONDS).join();
    requests.onCompleted();
    return found;
  }

  @Test
  void drainingLetsWhatRunsComeToItsEnd() throws Exception {
    Iterator<GenerateResponse> answer = stub().generate(REQUEST);
    HandDrivenBackend.Started call = backend.next();
    CompletableFuture<Boolean> drained = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                drained.complete(server.drain(java.time.Duration.ofSeconds(20)));
              } catch (InterruptedException e) {
                drained.completeExceptionally(e);
              }
            });
    call.sink().tokens(TokenChunk.ofText(0, 1, "a"));
    call.sink().finished(new Completion(Completion.Reason.STOP, 1, 1, 0));
    answer.forEachRemaining(_ -> {});
    assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(backend.isClosed()).isTrue();
    assertThatThrownBy(() -> stub().generate(REQUEST).hasNext())
        .isInstanceOf(StatusRuntimeException.class);
  }

  @Test
  void tokensAreEncodedAsTheGeneratedCodeWouldEncodeThem() throws Exception {
    List<TokenChunk> chunks =
        List.of(
            TokenChunk.ofText(0, 1, ""),
            TokenChunk.ofText(0, 1, "a"),
            TokenChunk.ofText(1 << 20, 300, "Grüße 世界 🚀"),
            withIds(7, 3, "x", List.of(0, 127, 128, Integer.MAX_VALUE)));
    for (TokenChunk chunk : chunks) {
      GenerateResponse.Builder expected = GenerateResponse.newBuilder();
      expected
          .getTokensBuilder()
          .setIndex(chunk.index())
          .setCount(chunk.count())
          .setText(chunk.text())
          .addAllIds(chunk.ids());
      assertThat(ResponseWriter.tokens(chunk)).isEqualTo(expected.build().toByteArray());
    }
    byte[] wire = {1, 2, 3};
    assertThat(ResponseWriter.tokens(TokenChunk.ofWire(0, 1, wire))).isSameAs(wire);
  }

  @SuppressWarnings("NullAway") // a record's class file does not tell that its array may be null
  private static TokenChunk withIds(int index, int count, String text, List<Integer> ids) {
    return new TokenChunk(index, count, text, ids, null);
  }

  private InferenceGrpc.InferenceBlockingStub stub() {
    return InferenceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static Duration millis(int millis) {
    return Duration.newBuilder()
        .setSeconds(millis / 1_000)
        .setNanos(millis % 1_000 * 1_000_000)
        .build();
  }

  private static ErrorInfo info(Throwable thrown) {
    return detail(thrown, ErrorInfo.class);
  }

  private static <T extends com.google.protobuf.Message> T detail(Throwable thrown, Class<T> type) {
    try {
      for (Any detail :
          Objects.requireNonNull(StatusProto.fromThrowable(thrown)).getDetailsList()) {
        if (detail.is(type)) {
          return detail.unpack(type);
        }
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("no " + type.getSimpleName() + " in " + thrown);
  }
}
