package dev.sluice.backends.emulated.server;

import static dev.sluice.backends.emulated.server.AcceleratorFixture.REQUEST;
import static dev.sluice.backends.emulated.server.AcceleratorFixture.millis;
import static dev.sluice.backends.emulated.server.AcceleratorFixture.withIds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backends.Completion;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenChunk;
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
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server over a backend that the test plays, through a standard client. */
final class AcceleratorServerTest {

  private static final String KILOBYTE = "x".repeat(1024);

  /** So long without being asked means that nobody will ask. */
  private static final int QUIET_POLLS = 100;

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final AcceleratorFixture accelerator = new AcceleratorFixture();

  @BeforeEach
  void start() throws IOException {
    accelerator.start();
  }

  @AfterEach
  void close() {
    accelerator.close();
  }

  @Test
  void anAnswerIsAdmittedThenTokensThenFinished() throws InterruptedException {
    Iterator<GenerateResponse> answer = accelerator.stub().generate(REQUEST);
    HandDrivenBackend.Started call = accelerator.backend.next();
    accelerator.nowNanos.addAndGet(50_000_000);
    call.sink().tokens(TokenChunk.ofText(0, 1, "Grüße"));
    accelerator.nowNanos.addAndGet(20_000_000);
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
        accelerator.stub().generate(REQUEST.toBuilder().setBudget(budget).build());
    HandDrivenBackend.Started call = accelerator.backend.next();
    assertThat(call.generation().terms().firstTokenNanos()).isEqualTo(10_000_000);
    accelerator.nowNanos.addAndGet(11_000_000);
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
    accelerator
        .stub()
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .generate(
            REQUEST.toBuilder()
                .setSampling(Sampling.newBuilder().setMaxOutputTokens(9).setTemperature(0.5))
                .setSession("s")
                .build());
    HandDrivenBackend.Started call = accelerator.backend.next();
    assertThat(call.generation().model()).isEqualTo("m");
    assertThat(call.generation().prompt()).isEqualTo(new Prompt.Text("hello"));
    assertThat(call.generation().sampling().maxOutputTokens()).isEqualTo(9);
    assertThat(call.generation().sampling().temperature()).isEqualTo(0.5);
    assertThat(call.generation().terms().session()).isEqualTo("s");
    assertThat(call.generation().terms().timeoutNanos())
        .isBetween(1L, TimeUnit.SECONDS.toNanos(10));
  }

  @Test
  void aCallThatIsGivenUpEndsAtTheBackend() throws InterruptedException {
    io.grpc.Context.CancellableContext context = io.grpc.Context.ROOT.withCancellation();
    context.run(() -> accelerator.stub().generate(REQUEST));
    HandDrivenBackend.Started call = accelerator.backend.next();
    context.cancel(null);
    call.awaitCancel();
    call.sink().tokens(TokenChunk.ofText(0, 1, "too late"));
    call.sink().finished(new Completion(Completion.Reason.STOP, 1, 1, 0));
  }

  @Test
  void aReaderWhoDoesNotReadIsNotServed() throws InterruptedException {
    ClientCall<GenerateRequest, GenerateResponse> unread =
        accelerator.channel.newCall(InferenceGrpc.getGenerateMethod(), CallOptions.DEFAULT);
    unread.start(new ClientCall.Listener<>() {}, new Metadata());
    unread.sendMessage(REQUEST);
    unread.halfClose();
    HandDrivenBackend.Started call = accelerator.backend.next();
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
    assertThat(
            accelerator
                .stub()
                .listModels(ListModelsRequest.getDefaultInstance())
                .getModels(0)
                .getName())
        .isEqualTo("m");
    assertThat(
            HealthGrpc.newBlockingStub(accelerator.channel)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
    assertThat(services()).contains("sluice.v1.Inference", "grpc.health.v1.Health");
  }

  private List<String> services() {
    CompletableFuture<List<String>> names = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(accelerator.channel)
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
    Iterator<GenerateResponse> answer = accelerator.stub().generate(REQUEST);
    HandDrivenBackend.Started call = accelerator.backend.next();
    CompletableFuture<Boolean> drained = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                drained.complete(accelerator.server.drain(java.time.Duration.ofSeconds(20)));
              } catch (InterruptedException e) {
                drained.completeExceptionally(e);
              }
            });
    call.sink().tokens(TokenChunk.ofText(0, 1, "a"));
    call.sink().finished(new Completion(Completion.Reason.STOP, 1, 1, 0));
    answer.forEachRemaining(_ -> {});
    assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(accelerator.backend.isClosed()).isTrue();
    assertThatThrownBy(() -> accelerator.stub().generate(REQUEST).hasNext())
        .isInstanceOf(StatusRuntimeException.class);
  }
}
