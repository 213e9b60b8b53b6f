package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import com.google.rpc.ErrorInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Prompt;
import dev.sluice.gateway.core.request.Task;
import dev.sluice.v1.Accelerator;
import dev.sluice.v1.Budget;
import dev.sluice.v1.BudgetPart;
import dev.sluice.v1.EmbedInput;
import dev.sluice.v1.EmbedRequest;
import dev.sluice.v1.EmbedResponse;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.ListModelsRequest;
import dev.sluice.v1.Model;
import dev.sluice.v1.ModelAbility;
import dev.sluice.v1.TokenIds;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Embed over real sockets, with backends that do what the test says. */
@Isolated("a pause would be taken for one of the gateway")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the field
final class EmbedTest {

  private GatewayFixtures world;

  @BeforeEach
  void start() throws Exception {
    world = new GatewayFixtures(Task.EMBED);
  }

  @AfterEach
  void stop() {
    world.awaitIdle();
    world.assertBooksBalance();
    world.close();
  }

  @Test
  void vectorsComeWithTheirAccount() throws Exception {
    Pending pending = ask(request("one", "two").setDimensions(2).setRequestId("mine-1"));
    FakeBackend.Embedded asked = world.slow.nextEmbedding();
    assertThat(asked.embedding().dimensions()).isEqualTo(2);
    assertThat(asked.embedding().inputs()).hasSize(2);
    asked.answer(0.25f, 7);
    EmbedResponse response = pending.response();
    assertThat(response.getVectorsCount()).isEqualTo(2);
    assertThat(response.getVectors(0).getValuesList()).containsExactly(0.25f, 1.25f);
    assertThat(response.getVectors(1).getValuesList()).containsExactly(2.25f, 3.25f);
    assertThat(response.getUsage().getInputTokens()).isEqualTo(7);
    assertThat(response.getUsage().getOutputTokens()).isZero();
    assertThat(response.getRequestId()).isEqualTo("mine-1");
    assertThat(response.getBackend()).isEqualTo("slow");
    assertThat(response.getAccelerator()).isEqualTo(Accelerator.ACCELERATOR_GPU);
    assertThat(response.getRegion()).isEqualTo("eu");
    assertThat(response.getForecast().getProbability()).isBetween(0.9, 1.0);
    assertThat(response.getForecast().getTotal())
        .isEqualTo(response.getForecast().getTimeToFirstToken());
    assertThat(response.getBudget().getTotal().getSeconds()).as("of the class").isEqualTo(2);
    assertThat(response.getBudget().hasTimeToFirstToken()).isFalse();
    assertThat(response.getOutcome().getMet()).isTrue();
    assertThat(response.getAttempts()).isEqualTo(1);
    assertThat(millis(response.getTotal())).isPositive();
    assertThat(response.getEstimatedCostUsd()).isPositive();
    assertThat(response.getEstimatedEnergyJoules()).isPositive();
    assertThat(world.gateway.attempts().tokens().received()).as("one piece").isEqualTo(1);
  }

  @Test
  void tokenIdsPassAsTheyAre() throws Exception {
    Pending pending =
        ask(
            request()
                .addInputs(EmbedInput.newBuilder().setTokens(TokenIds.newBuilder().addIds(5)))
                .addInputs(EmbedInput.newBuilder().setTokens(TokenIds.newBuilder().addIds(6))));
    FakeBackend.Embedded asked = world.slow.nextEmbedding();
    assertThat(((Prompt.TokenIds) asked.embedding().inputs().get(1)).ids()).containsExactly(6);
    asked.answer(1, 2);
    assertThat(pending.response().getVectorsCount()).isEqualTo(2);
  }

  @Test
  void theShorterPartOfABudgetIsTheTotal() throws Exception {
    Budget budget =
        Budget.newBuilder()
            .setTimeToFirstToken(Duration.newBuilder().setNanos(500_000_000))
            .setTimePerOutputToken(Duration.newBuilder().setNanos(1))
            .setTotal(Duration.newBuilder().setSeconds(20))
            .build();
    Pending pending = ask(request("one").setBudget(budget));
    FakeBackend.Embedded asked = world.slow.nextEmbedding();
    assertThat(asked.embedding().terms().totalNanos()).isBetween(1L, 500_000_000L);
    assertThat(asked.embedding().terms().perTokenNanos()).isZero();
    assertThat(asked.embedding().terms().timeoutNanos()).isBetween(1L, 500_000_000L);
    asked.answer(1, 2);
    assertThat(millis(pending.response().getBudget().getTotal())).isEqualTo(500);
  }

  @Test
  void aTightBudgetIsServedByFastHardware() throws Exception {
    Budget budget =
        Budget.newBuilder().setTotal(Duration.newBuilder().setNanos(30_000_000)).build();
    Pending pending = ask(request("one").setBudget(budget));
    world.fast.nextEmbedding().answer(1, 2);
    EmbedResponse response = pending.response();
    assertThat(response.getBackend()).isEqualTo("fast");
    if (!response.getOutcome().getMet()) { // this machine may be slow
      assertThat(response.getOutcome().getMissedList())
          .containsExactly(BudgetPart.BUDGET_PART_TOTAL);
    }
  }

  @Test
  void anotherBackendAnswersInPlaceOfOneThatFails() throws Exception {
    Pending pending = ask(request("one"));
    world.slow.nextEmbedding().fail(new BackendFailure.Broke("connection reset"));
    world.fast.nextEmbedding().answer(3, 2);
    EmbedResponse response = pending.response();
    assertThat(response.getBackend()).isEqualTo("fast");
    assertThat(response.getAttempts()).isEqualTo(2);
    assertThat(response.getVectors(0).getValues(0)).isEqualTo(3);
    assertThat(world.gateway.attempts().failed()).isEqualTo(1);
  }

  @Test
  void whatEveryBackendWouldRefuseIsAskedOnce() throws Exception {
    Pending pending = ask(request("one").setDimensions(5000));
    world
        .slow
        .nextEmbedding()
        .fail(
            new BackendFailure.Rejected(
                BackendFailure.Rejected.Kind.INVALID, 0, "dimensions: 5000 (expected: 2)"));
    StatusRuntimeException error = pending.failure();
    assertThat(info(error).getReason()).isEqualTo("MALFORMED_REQUEST");
    assertThat(error).hasMessageContaining("dimensions: 5000");
    assertThat(world.fast.started).hasValue(0);
  }

  @Test
  void aCallerThatGoesAwayEndsTheWork() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(() -> ask(request("one")));
    FakeBackend.Embedded asked = world.slow.nextEmbedding();
    context.cancel(null);
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!asked.call().isOver() && System.nanoTime() < endNanos) {
      Thread.onSpinWait();
    }
    assertThat(world.slow.cancelled).hasValue(1);
  }

  @Test
  void aDeadlineEndsIt() throws Exception {
    Pending pending = new Pending();
    InferenceGrpc.newStub(world.channel)
        .withDeadlineAfter(200, TimeUnit.MILLISECONDS)
        .embed(request("one").build(), pending);
    assertThat(pending.failure().getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  // ---- what is not well formed

  @Test
  void aModelThatEmbedsDoesNotGenerate() throws Exception {
    StatusRuntimeException error =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                InferenceGrpc.newBlockingStub(world.channel)
                    .generate(
                        GenerateRequest.newBuilder()
                            .setModel(GatewayFixtures.MODEL)
                            .setText("hello")
                            .build())
                    .forEachRemaining(_ -> {}));
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(info(error).getReason()).isEqualTo("UNSUPPORTED");
    assertThat(error).hasMessageContaining("model: llama-3.3-70b embeds");
    assertNothingWasAsked();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none     | inputs: 0 (expected: 1 to 2048)",
        "many     | inputs: 2049 (expected: 1 to 2048)",
        "unset    | inputs[1]: not set (expected: text or tokens)",
        "empty    | inputs[1].text: empty (expected: at least one character)",
        "no-ids   | inputs[1].tokens.ids: empty (expected: at least one)",
        "long     | input: one of 8193 tokens (expected: at most 8192, the context of",
        "together | input: 300101 tokens together (expected: at most 300000)",
        "minus    | dimensions: 4294967295 (expected: at most 2147483647)",
        "name     | model: 0 characters",
      })
  void whatIsNotWellFormedIsRefusedWithItsPlace(String what, String message) throws Exception {
    EmbedRequest.Builder request = request("one");
    switch (what) {
      case "none" -> request.clearInputs();
      case "many" -> repeat(request, 2048, "x");
      case "unset" -> request.addInputs(EmbedInput.getDefaultInstance());
      case "empty" -> request.addInputs(EmbedInput.newBuilder().setText(""));
      case "no-ids" ->
          request.addInputs(EmbedInput.newBuilder().setTokens(TokenIds.getDefaultInstance()));
      case "long" -> request.addInputs(EmbedInput.newBuilder().setText("x".repeat(4 * 8192 + 1)));
      case "together" -> repeat(request, 100, "x".repeat(4 * 3000 + 1));
      case "minus" -> request.setDimensions(-1);
      default -> request.clearModel();
    }
    StatusRuntimeException error = ask(request).failure();
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(info(error).getReason()).isEqualTo("MALFORMED_REQUEST");
    assertThat(error).hasMessageContaining(message);
    assertNothingWasAsked();
  }

  private static void repeat(EmbedRequest.Builder request, int count, String text) {
    for (int i = 0; i < count; i++) {
      request.addInputs(EmbedInput.newBuilder().setText(text));
    }
  }

  @Test
  void theContextIsHeldAgainstEachInputAndNotAgainstAllTogether() throws Exception {
    EmbedRequest.Builder request = request();
    request.getBudgetBuilder().getTotalBuilder().setSeconds(30);
    repeat(request, 3, "x".repeat(4 * 8192));
    Pending pending = ask(request);
    world.slow.nextEmbedding().answer(1, 3 * 8192);
    assertThat(pending.response().getVectorsCount()).isEqualTo(3);
  }

  @Test
  void aModelThatGeneratesDoesNotEmbed() throws Exception {
    try (GatewayFixtures generating = new GatewayFixtures()) {
      StatusRuntimeException error = ask(generating.channel, request("one")).failure();
      assertThat(info(error).getReason()).isEqualTo("UNSUPPORTED");
      assertThat(error).hasMessageContaining("model: llama-3.3-70b generates");
      assertThat(generating.slow.started).hasValue(0);
      generating.assertBooksBalance();
    }
  }

  // ---- what is offered

  @Test
  void theListOfModelsSaysWhatTheModelCanDoNow() {
    Model model =
        InferenceGrpc.newBlockingStub(world.channel)
            .listModels(ListModelsRequest.getDefaultInstance())
            .getModels(0);
    assertThat(model.getAbilitiesList()).containsExactly(ModelAbility.MODEL_ABILITY_EMBED);
    assertThat(model.getContextTokens()).isEqualTo(8192);
    assertThat(model.getPrice().getLeastPerMillionInputUsd()).isPositive();
    assertThat(model.getPrice().getMostPerMillionOutputUsd()).isZero();
    assertThat(millis(model.getAchievable().getTotal())).isPositive();
    assertThat(model.getAchievable().hasTimeToFirstToken()).isFalse();
  }

  // ---- the caller

  private static EmbedRequest.Builder request(String... texts) {
    EmbedRequest.Builder request = EmbedRequest.newBuilder().setModel(GatewayFixtures.MODEL);
    for (String text : texts) {
      request.addInputs(EmbedInput.newBuilder().setText(text));
    }
    return request;
  }

  private Pending ask(EmbedRequest.Builder request) {
    return ask(world.channel, request);
  }

  private static Pending ask(Channel channel, EmbedRequest.Builder request) {
    Pending pending = new Pending();
    InferenceGrpc.newStub(channel).embed(request.build(), pending);
    return pending;
  }

  private static double millis(Duration duration) {
    return duration.getSeconds() * 1e3 + duration.getNanos() / 1e6;
  }

  private static ErrorInfo info(StatusRuntimeException error) throws Exception {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    return Objects.requireNonNull(status).getDetails(0).unpack(ErrorInfo.class);
  }

  private void assertNothingWasAsked() {
    assertThat(world.slow.started).hasValue(0);
    assertThat(world.fast.started).hasValue(0);
  }

  /** An answer that has not come yet. */
  private static final class Pending implements StreamObserver<EmbedResponse> {
    private final CompletableFuture<EmbedResponse> answer = new CompletableFuture<>();

    @Override
    public void onNext(EmbedResponse response) {
      answer.complete(response);
    }

    @Override
    public void onError(Throwable error) {
      answer.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {}

    EmbedResponse response() throws Exception {
      return answer.get(20, TimeUnit.SECONDS);
    }

    StatusRuntimeException failure() {
      ExecutionException failed =
          catchThrowableOfType(ExecutionException.class, () -> answer.get(20, TimeUnit.SECONDS));
      return (StatusRuntimeException) Objects.requireNonNull(failed.getCause());
    }
  }
}
