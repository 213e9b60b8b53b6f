package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.v1.Accelerator;
import dev.sluice.v1.Budget;
import dev.sluice.v1.CountSource;
import dev.sluice.v1.Forecast;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.ListModelsRequest;
import dev.sluice.v1.Model;
import dev.sluice.v1.ModelAbility;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole request path over real sockets, with backends that do what the test says. */
@Isolated("a pause would be taken for one of the gateway")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the field
final class GatewayTest {

  private GatewayFixtures world;

  @BeforeEach
  void start() throws Exception {
    world = new GatewayFixtures();
  }

  @AfterEach
  void stop() {
    world.assertBooksBalance();
    world.close();
  }

  @Test
  void anAnswerWhoseTokensWereCountedByGuessSaysSo() throws Exception {
    Iterator<GenerateResponse> answer =
        InferenceGrpc.newBlockingStub(world.channel)
            .generate(
                GenerateRequest.newBuilder()
                    .setModel(GatewayFixtures.MODEL)
                    .setText("Azul, world")
                    .build());
    FakeBackend.Call call = world.slow.next();
    call.token(0, "t0 ");
    call.finish(new Completion(Completion.Reason.STOP, 3, 1, 0, Completion.Counted.BY_ESTIMATE));
    GenerateResponse last = answer.next();
    while (answer.hasNext()) {
      last = answer.next();
    }
    assertThat(last.getFinished().getUsage().getCounted())
        .isEqualTo(CountSource.COUNT_SOURCE_ESTIMATE);
  }

  @Test
  void aLooseBudgetIsServedByCheapHardwareAndTheAccountIsWhole() throws Exception {
    Iterator<GenerateResponse> answer = call(request(600, 40));
    world.slow.next().answer(3);
    GenerateResponse admitted = answer.next();
    assertThat(admitted.getAdmitted().getBackend()).isEqualTo("slow");
    assertThat(admitted.getAdmitted().getAccelerator()).isEqualTo(Accelerator.ACCELERATOR_GPU);
    assertThat(admitted.getAdmitted().getForecast().getProbability()).isBetween(0.9, 1.0);
    StringBuilder text = new StringBuilder();
    int next = 0;
    GenerateResponse response = answer.next();
    while (response.hasTokens()) {
      assertThat(response.getTokens().getIndex()).isEqualTo(next);
      next += response.getTokens().getCount();
      text.append(response.getTokens().getText());
      response = answer.next();
    }
    assertThat(text).hasToString("t0 t1 t2 ");
    assertThat(response.getFinished().getUsage().getOutputTokens()).isEqualTo(3);
    assertThat(response.getFinished().getUsage().getCounted())
        .isEqualTo(CountSource.COUNT_SOURCE_BACKEND);
    assertThat(response.getFinished().getBudget().getMet()).isTrue();
    assertThat(response.getFinished().getAttempts()).isEqualTo(1);
    assertThat(response.getFinished().getEstimatedCostUsd()).isPositive();
    assertThat(answer.hasNext()).isFalse();
    assertThat(world.gateway.ledger().deliveredTokens())
        .isEqualTo(3)
        .isEqualTo(world.slow.delivered.get());
  }

  @Test
  void theForecastSaysHowFarItMayBeOff() throws Exception {
    Iterator<GenerateResponse> answer = call(request(600, 40));
    world.slow.next().answer(3);
    Forecast forecast = answer.next().getAdmitted().getForecast();
    // nothing was learned yet: a spread of 0.3, so 1.47 times the median
    assertThat(millis(forecast.getTimeToFirstTokenP90()) / millis(forecast.getTimeToFirstToken()))
        .isCloseTo(1.47, within(0.03));
    assertThat(
            millis(forecast.getTimePerOutputTokenP90()) / millis(forecast.getTimePerOutputToken()))
        .isCloseTo(1.47, within(0.03));
    answer.forEachRemaining(_ -> {});
  }

  @Test
  void aTightBudgetIsServedByFastHardware() throws Exception {
    Iterator<GenerateResponse> answer = call(request(600, 5));
    world.fast.next().answer(1);
    assertThat(answer.next().getAdmitted().getBackend()).isEqualTo("fast");
    answer.forEachRemaining(_ -> {});
  }

  @Test
  void aBudgetInTheMetadataCountsLikeOneInTheMessage() throws Exception {
    Iterator<GenerateResponse> answer =
        call(world.with("x-llm-d-slo-tpot-ms", "5"), request().build());
    world.fast.next().answer(1);
    assertThat(answer.next().getAdmitted().getBackend()).isEqualTo("fast");
    answer.forEachRemaining(_ -> {});
  }

  @ParameterizedTest
  @CsvSource({
    "x-slo-ttft-ms, 0",
    "x-slo-ttft-ms, -1",
    "x-llm-d-slo-tpot-ms, NaN",
    "x-slo-e2e-ms, 1e400",
    "x-slo-e2e-ms, soon"
  })
  void aMalformedBudgetIsRefusedAndNothingIsAsked(String name, String value) throws Exception {
    StatusRuntimeException error = refused(world.with(name, value), request().build());
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(info(error).getReason()).isEqualTo("BUDGET_INVALID");
    assertThat(error).hasMessageContaining(name).hasMessageContaining("expected");
    assertNothingWasAsked();
  }

  @Test
  void headersThatDisagreeAreRefused() throws Exception {
    StatusRuntimeException error =
        refused(
            world.with("x-llm-d-slo-ttft-ms", "300", "x-slo-ttft-ms", "400"), request().build());
    assertThat(info(error).getReason()).isEqualTo("BUDGET_INVALID");
  }

  @Test
  void aBudgetNobodyCouldMeetIsRefusedWithTheOneThatCouldBeMet() throws Exception {
    StatusRuntimeException error = refused(world.channel, request(600, 1));
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
    assertThat(info(error).getReason()).isEqualTo("BUDGET_BELOW_FLOOR");
    assertThat(info(error).getMetadataMap())
        .containsKeys("achievable_ttft_ms", "achievable_tpot_ms", "achievable_e2e_ms");
    assertNothingWasAsked();
  }

  @Test
  void anUnknownModelIsNotFound() throws Exception {
    StatusRuntimeException error = refused(world.channel, request().setModel("gpt-9").build());
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(info(error).getReason()).isEqualTo("MODEL_NOT_FOUND");
  }

  @Test
  void anEmptyPromptAndOneBeyondTheContextAreRefused() throws Exception {
    assertThat(info(refused(world.channel, request().setText("").build())).getReason())
        .isEqualTo("MALFORMED_REQUEST");
    StatusRuntimeException error =
        refused(world.channel, request().setText("word ".repeat(8192)).build());
    assertThat(info(error).getReason()).isEqualTo("MALFORMED_REQUEST");
    assertThat(error).hasMessageContaining("context");
  }

  @Test
  void aMessageThatIsTooLargeIsRefusedWithItsReason() throws Exception {
    StatusRuntimeException error =
        refused(world.channel, request().setText("x".repeat(5 << 20)).build());
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(info(error).getReason()).isEqualTo("MESSAGE_TOO_LARGE");
  }

  @Test
  void invalidUtf8IsMalformedAndOtherTrafficIsUnharmed() throws Exception {
    StatusRuntimeException error =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> world.generateRaw(new byte[] {0x0a, 2, (byte) 0xff, (byte) 0xfe}));
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    oneShortCall();
  }

  @Test
  void theDeadlineEndsTheStreamAndTheBackendsWork() throws Exception {
    Iterator<GenerateResponse> answer =
        InferenceGrpc.newBlockingStub(world.channel)
            .withDeadlineAfter(1_500, TimeUnit.MILLISECONDS) // less than a stall
            .generate(request().build());
    FakeBackend.Call call = world.slow.next();
    assertThat(call.generation.terms().timeoutNanos()).isBetween(1L, 1_498_000_000L);
    call.token(0, "a");
    StatusRuntimeException error =
        catchThrowableOfType(StatusRuntimeException.class, () -> answer.forEachRemaining(_ -> {}));
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(call.awaitCancelled()).isTrue();
    awaitIdle();
  }

  /** The median of five, so that a pause of the machine is not taken for one of the gateway. */
  @Test
  void aCallersCancellationReachesTheBackendWithin100Milliseconds() throws Exception {
    long[] tookNanos = new long[5];
    for (int i = 0; i < tookNanos.length; i++) {
      ClientCall<GenerateRequest, GenerateResponse> call = slowReader();
      FakeBackend.Call backend = world.slow.next();
      long cancelledNanos = System.nanoTime();
      call.cancel("enough", null);
      assertThat(backend.awaitCancelled()).isTrue();
      tookNanos[i] = System.nanoTime() - cancelledNanos;
    }
    Arrays.sort(tookNanos);
    assertThat(tookNanos[tookNanos.length / 2]).isLessThan(100_000_000L);
    awaitIdle();
    assertThat(world.gateway.ledger().cancelled()).isEqualTo(tookNanos.length);
  }

  @Test
  void aReaderThatStopsReadingStopsThePulling() throws Exception {
    ClientCall<GenerateRequest, GenerateResponse> call = slowReader();
    FakeBackend.Call backend = world.slow.next();
    String kilobyte = "x".repeat(1024);
    int index = 0;
    while (backend.unasked() == 0 && index < 2000) {
      backend.token(index++, kilobyte);
    }
    assertThat(index).as("kilobytes that left the backend").isLessThan(200);
    call.request(10_000);
    backend.finish(index);
    awaitIdle();
    assertThat(world.gateway.ledger().deliveredTokens()).isEqualTo(index);
  }

  @Test
  void aBackendThatCannotBeReachedIsReplacedBeforeTheCallerNotices() throws Exception {
    world.slow.refusing = true;
    Iterator<GenerateResponse> answer = call(request(600, 40));
    world.fast.next().answer(2);
    GenerateResponse last = GenerateResponse.getDefaultInstance();
    while (answer.hasNext()) {
      last = answer.next();
    }
    assertThat(last.getFinished().getAttempts()).isEqualTo(2);
    assertThat(last.getFinished().getBackend()).isEqualTo("fast");
  }

  @Test
  void anAnswerThatBreaksOffIsNeverASuccess() throws Exception {
    Iterator<GenerateResponse> answer = call(request(600, 40));
    FakeBackend.Call backend = world.slow.next();
    backend.token(0, "a");
    backend.token(1, "b");
    backend.fail(new BackendFailure.Broke("connection reset"));
    StatusRuntimeException error =
        catchThrowableOfType(StatusRuntimeException.class, () -> answer.forEachRemaining(_ -> {}));
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(info(error).getReason()).isEqualTo("STREAM_INTERRUPTED");
    assertThat(info(error).getMetadataMap()).containsEntry("tokens_delivered", "2");
  }

  @Test
  void anAnswerShorterThanItsOwnAccountIsNeverASuccess() throws Exception {
    Iterator<GenerateResponse> answer = call(request(600, 40));
    FakeBackend.Call backend = world.slow.next();
    backend.token(0, "a");
    backend.finish(2);
    StatusRuntimeException error =
        catchThrowableOfType(StatusRuntimeException.class, () -> answer.forEachRemaining(_ -> {}));
    assertThat(info(error).getReason()).isEqualTo("STREAM_INTERRUPTED");
  }

  @Test
  void aGapInTheIndexesEndsTheAnswer() throws Exception {
    Iterator<GenerateResponse> answer = call(request(600, 40));
    FakeBackend.Call backend = world.slow.next();
    backend.token(0, "a");
    backend.token(2, "c");
    StatusRuntimeException error =
        catchThrowableOfType(StatusRuntimeException.class, () -> answer.forEachRemaining(_ -> {}));
    assertThat(info(error).getReason()).isEqualTo("STREAM_INTERRUPTED");
    assertThat(error).hasMessageContaining("token index 2 (expected: 1)");
    assertThat(backend.isCancelled).isTrue();
  }

  @Test
  void aDrainingGatewayRefusesNewWorkAndFinishesTheOld() throws Exception {
    Iterator<GenerateResponse> answer = call(request(600, 40));
    FakeBackend.Call backend = world.slow.next();
    Thread drain = Thread.ofPlatform().start(() -> assertThat(world.gateway.drain()).isTrue());
    StatusRuntimeException error;
    do {
      error = catchThrowableOfType(StatusRuntimeException.class, this::oneShortCall);
    } while (error == null);
    assertThat(info(error).getReason()).isEqualTo("DRAINING");
    backend.answer(1);
    answer.forEachRemaining(_ -> {});
    drain.join(10_000);
    assertThat(drain.isAlive()).isFalse();
  }

  /** Succeeds as long as the gateway takes work. */
  private void oneShortCall() throws InterruptedException {
    Iterator<GenerateResponse> answer = call(request(600, 5));
    FakeBackend.Call backend = world.fast.calls.poll(100, TimeUnit.MILLISECONDS);
    if (backend != null) {
      backend.answer(1);
    }
    answer.forEachRemaining(_ -> {});
  }

  @Test
  void modelsAreListedWithWhatServesThem() {
    var models =
        InferenceGrpc.newBlockingStub(world.channel)
            .listModels(ListModelsRequest.getDefaultInstance())
            .getModelsList();
    assertThat(models).hasSize(1);
    assertThat(models.getFirst().getAliasesList()).containsExactly("big");
    assertThat(models.getFirst().getAcceleratorsList())
        .containsExactly(Accelerator.ACCELERATOR_GPU, Accelerator.ACCELERATOR_LPU);
    assertThat(models.getFirst().getAbilitiesList())
        .containsExactly(ModelAbility.MODEL_ABILITY_GENERATE);
  }

  @Test
  void theListOfModelsSaysWhatCouldBePromisedNow() throws Exception {
    Model model = listed();
    // the LPU: 100 ms of prompt for each thousand tokens, 3.6 ms a token
    assertThat(millis(model.getAchievable().getTimeToFirstToken())).isBetween(100.0, 300.0);
    assertThat(millis(model.getAchievable().getTimePerOutputToken())).isBetween(3.0, 10.0);
    assertThat(model.getPrice().getMostPerMillionOutputUsd())
        .isGreaterThan(model.getPrice().getLeastPerMillionOutputUsd());
    world.fast.reachable = false;
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (listed().getAcceleratorsCount() > 1 && System.nanoTime() < endNanos) {
      Thread.onSpinWait();
    }
    assertThat(millis(listed().getAchievable().getTimePerOutputToken())).isGreaterThan(10);
    world.slow.reachable = false;
    while (listed().hasAchievable() && System.nanoTime() < endNanos) {
      Thread.onSpinWait();
    }
    assertThat(listed().hasAchievable()).isFalse();
    assertThat(listed().getAcceleratorsList()).isEmpty();
  }

  private Model listed() {
    return InferenceGrpc.newBlockingStub(world.channel)
        .listModels(ListModelsRequest.getDefaultInstance())
        .getModels(0);
  }

  private static double millis(Duration duration) {
    return duration.getSeconds() * 1e3 + duration.getNanos() / 1e6;
  }

  // ---- the caller

  private static GenerateRequest.Builder request() {
    return GenerateRequest.newBuilder().setModel(GatewayFixtures.MODEL).setText("hello");
  }

  private static GenerateRequest request(int ttftMillis, int tpotMillis) {
    return request()
        .setBudget(
            Budget.newBuilder()
                .setTimeToFirstToken(Duration.newBuilder().setNanos(ttftMillis * 1_000_000))
                .setTimePerOutputToken(Duration.newBuilder().setNanos(tpotMillis * 1_000_000)))
        .build();
  }

  private Iterator<GenerateResponse> call(GenerateRequest request) {
    return call(world.channel, request);
  }

  private static Iterator<GenerateResponse> call(Channel channel, GenerateRequest request) {
    return InferenceGrpc.newBlockingStub(channel).generate(request);
  }

  private static StatusRuntimeException refused(Channel channel, GenerateRequest request) {
    return Objects.requireNonNull(
        catchThrowableOfType(
            StatusRuntimeException.class, () -> call(channel, request).forEachRemaining(_ -> {})));
  }

  private static ErrorInfo info(StatusRuntimeException error) throws Exception {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    assertThat(status).isNotNull();
    return Objects.requireNonNull(status).getDetails(0).unpack(ErrorInfo.class);
  }

  /** A call that asks for its first message and then for nothing. */
  private ClientCall<GenerateRequest, GenerateResponse> slowReader() {
    ClientCall<GenerateRequest, GenerateResponse> call =
        GatewayFixtures.open(world.channel, InferenceGrpc.getGenerateMethod());
    call.start(new ClientCall.Listener<>() {}, new Metadata());
    call.request(1);
    call.sendMessage(request().build());
    call.halfClose();
    return call;
  }

  private void assertNothingWasAsked() {
    assertThat(world.slow.started).hasValue(0);
    assertThat(world.fast.started).hasValue(0);
  }

  /** The caller may hear of the end before the books are closed. */
  private void awaitIdle() {
    world.awaitIdle();
  }
}
