package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenChunk;
import dev.sluice.inference.GRPCInferenceServiceGrpc;
import dev.sluice.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.sluice.inference.ModelConfigRequest;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferResponse;
import dev.sluice.inference.ModelMetadataRequest;
import dev.sluice.inference.ModelReadyRequest;
import dev.sluice.inference.ModelStatistics;
import dev.sluice.inference.ModelStatisticsRequest;
import dev.sluice.inference.ModelStreamInferResponse;
import dev.sluice.inference.RepositoryIndexRequest;
import dev.sluice.inference.ServerLiveRequest;
import dev.sluice.inference.ServerMetadataRequest;
import dev.sluice.inference.ServerReadyRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Open Inference Protocol over real sockets, with backends that do what the test says. */
@Isolated("a pause would be taken for one of the gateway")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
final class OipFrontTest {

  private GatewayFixtures world;

  @BeforeEach
  void start() throws Exception {
    world = new GatewayFixtures();
  }

  @AfterEach
  void stop() {
    until(() -> world.gateway.ledger().inFlight() == 0);
    world.assertBooksBalance();
    world.close();
  }

  // ---- ModelInfer

  @Test
  void anAnswerInOnePieceHasItsTextItsIdAndItsAccount() throws Exception {
    CompletableFuture<ModelInferResponse> answer = infer(OipCaller.request("mine-1").build());
    FakeBackend.Call call = world.slow.next();
    assertThat(call.generation.prompt()).isEqualTo(new Prompt.Text("hello"));
    call.answer(3);
    ModelInferResponse response = answer.get(10, TimeUnit.SECONDS);
    assertThat(OipCaller.textOf(response)).isEqualTo("t0 t1 t2 ");
    assertThat(response.getModelName()).isEqualTo(GatewayFixtures.MODEL);
    assertThat(response.getId()).isEqualTo("mine-1");
    assertThat(response.getOutputs(0).getName()).isEqualTo("text_output");
    assertThat(response.getOutputs(0).getDatatype()).isEqualTo("BYTES");
    assertThat(response.getOutputs(0).getShapeList()).containsExactly(1L);
    assertThat(OipCaller.parameter(response, "sluice_backend")).isEqualTo("slow");
    assertThat(OipCaller.parameter(response, "sluice_accelerator")).isEqualTo("GPU");
    assertThat(OipCaller.parameter(response, "sluice_region")).isEqualTo("eu");
    assertThat(OipCaller.parameter(response, "sluice_request_id")).isEqualTo("mine-1");
    assertThat(OipCaller.parameter(response, "finish_reason")).isEqualTo("stop");
    assertThat(response.getParametersOrThrow("sluice_attempts").getInt64Param()).isEqualTo(1);
    assertThat(response.getParametersOrThrow("output_tokens").getInt64Param()).isEqualTo(3);
    assertThat(response.getParametersOrThrow("sluice_budget_met").getBoolParam()).isTrue();
    for (String quantity : List.of("ttft", "tpot")) {
      double median = real(response, "sluice_forecast_" + quantity + "_ms");
      assertThat(median).isPositive();
      assertThat(real(response, "sluice_forecast_" + quantity + "_p90_ms")).isGreaterThan(median);
    }
    assertThat(world.gateway.ledger().deliveredTokens()).isEqualTo(3);
  }

  @Test
  void anAnswerInOnePieceIsPulledToItsEndThoughNothingIsWrittenBefore() throws Exception {
    CompletableFuture<ModelInferResponse> answer = infer(OipCaller.request("").build());
    world.slow.next().answer(100);
    OipCaller caller = stream(1).send(OipCaller.request("").build()).halfClose();
    world.slow.next().answer(100);
    assertThat(OipCaller.textOf(answer.get(10, TimeUnit.SECONDS)))
        .isEqualTo(OipCaller.textOf(caller.next().getInferResponse()))
        .endsWith("t99 ");
  }

  @Test
  void typedContentsAndRawOnesSayTheSame() throws Exception {
    CompletableFuture<ModelInferResponse> answer =
        infer(
            OipCaller.typed("héllo")
                .addInputs(
                    OipCaller.input("max_tokens", "INT32", 1)
                        .setContents(
                            dev.sluice.inference.InferTensorContents.newBuilder()
                                .addIntContents(7)))
                .addInputs(
                    OipCaller.input("temperature", "FP32", 1)
                        .setContents(
                            dev.sluice.inference.InferTensorContents.newBuilder()
                                .addFp32Contents(0.7f)))
                .addInputs(
                    OipCaller.input("stop", "BYTES", 2)
                        .setContents(
                            dev.sluice.inference.InferTensorContents.newBuilder()
                                .addBytesContents(ByteString.copyFromUtf8("A"))
                                .addBytesContents(ByteString.copyFromUtf8("B"))))
                .putParameters("top_p", OipCaller.text("0.9"))
                .putParameters("seed", OipCaller.whole(11))
                .build());
    FakeBackend.Call call = world.slow.next();
    assertThat(call.generation.prompt()).isEqualTo(new Prompt.Text("héllo"));
    assertThat(call.generation.sampling().maxOutputTokens()).isEqualTo(7);
    assertThat(call.generation.sampling().temperature()).isEqualTo(0.7);
    assertThat(call.generation.sampling().topP()).isEqualTo(0.9);
    assertThat(call.generation.sampling().seed()).isEqualTo(11);
    assertThat(call.generation.sampling().stop()).containsExactly("A", "B");
    call.answer(1);
    answer.get(10, TimeUnit.SECONDS);
  }

  @Test
  void theAnswersShapeIsThePrompts() throws Exception {
    CompletableFuture<ModelInferResponse> answer =
        infer(
            OipCaller.request("")
                .setInputs(0, OipCaller.input("text_input", "BYTES", 1, 1))
                .build());
    world.slow.next().answer(1);
    ModelInferResponse response = answer.get(10, TimeUnit.SECONDS);
    assertThat(response.getOutputs(0).getShapeList()).containsExactly(1L, 1L);
    assertThat(response.getId()).isEmpty();
  }

  @Test
  void tokensThatABackendEncodedAreReadLikeOthers() throws Exception {
    CompletableFuture<ModelInferResponse> answer = infer(OipCaller.request("").build());
    FakeBackend.Call call = world.slow.next();
    call.chunk(
        TokenChunk.ofWire(
            0,
            1,
            GenerateResponse.newBuilder()
                .setTokens(Tokens.newBuilder().setCount(1).setText("wire"))
                .build()
                .toByteArray()));
    call.finish(1);
    assertThat(OipCaller.textOf(answer.get(10, TimeUnit.SECONDS))).isEqualTo("wire");
  }

  @ParameterizedTest
  @CsvSource({"5, fast", "40, slow"})
  void aBudgetInTheParametersDecides(int tpotMillis, String backend) throws Exception {
    CompletableFuture<ModelInferResponse> answer =
        infer(
            OipCaller.request("")
                .putParameters("slo_tpot_ms", OipCaller.whole(tpotMillis))
                .putParameters("slo_ttft_ms", OipCaller.real(600.5))
                .build());
    (backend.equals("fast") ? world.fast : world.slow).next().answer(1);
    assertThat(OipCaller.parameter(answer.get(10, TimeUnit.SECONDS), "sluice_backend"))
        .isEqualTo(backend);
  }

  @Test
  void aBudgetInTheMetadataDecidesToo() throws Exception {
    CompletableFuture<ModelInferResponse> answer =
        infer(world.with("x-llm-d-slo-tpot-ms", "5"), OipCaller.request("").build());
    world.fast.next().answer(1);
    answer.get(10, TimeUnit.SECONDS);
  }

  @Test
  void tritonsTimeoutIsTheTotalBudgetInMicroseconds() throws Exception {
    CompletableFuture<ModelInferResponse> answer =
        infer(OipCaller.request("").putParameters("timeout", OipCaller.whole(20_000_000)).build());
    FakeBackend.Call call = world.slow.next();
    assertThat(call.generation.terms().totalNanos()).isBetween(19_000_000_000L, 20_000_000_000L);
    call.answer(1);
    answer.get(10, TimeUnit.SECONDS);
  }

  @Test
  void anAnswerThatBreaksOffIsNeverASuccess() throws Exception {
    CompletableFuture<ModelInferResponse> answer = infer(OipCaller.request("").build());
    FakeBackend.Call call = world.slow.next();
    call.token(0, "a");
    call.fail(new BackendFailure.Broke("connection reset"));
    StatusRuntimeException error = failureOf(answer);
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(info(error).getReason()).isEqualTo("STREAM_INTERRUPTED");
  }

  // ---- bad input

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version    | MALFORMED_REQUEST | model_version: '3' (expected: none",
        "model      | MODEL_NOT_FOUND   | no model of this name",
        "nameless   | MALFORMED_REQUEST | model_name: 0 characters",
        "tensor     | MALFORMED_REQUEST | inputs[1].name: 'max_token' (expected: one of"
            + " [text_input",
        "none       | MALFORMED_REQUEST | inputs: no text_input among []",
        "datatype   | MALFORMED_REQUEST | text_input.datatype: 'FP32' (expected: BYTES)",
        "batch      | MALFORMED_REQUEST | text_input.shape: [2] (expected: one element",
        "negative   | MALFORMED_REQUEST | text_input.shape: [-1]",
        "overflow   | MALFORMED_REQUEST | text_input.shape: [4294967296, 4294967296]",
        "fewer      | MALFORMED_REQUEST | text_input.contents: 1 elements (expected: as many as its"
            + " shape [3] has)",
        "framing    | MALFORMED_REQUEST | text_input.contents: 6 bytes that are cut off at 0",
        "utf8       | MALFORMED_REQUEST | text_input.contents: not UTF-8",
        "empty      | MALFORMED_REQUEST | text_input: empty",
        "width      | MALFORMED_REQUEST | max_tokens.contents: 3 bytes (expected: 4 bytes)",
        "type       | MALFORMED_REQUEST | max_tokens.datatype: 'FP32' (expected: INT32",
        "zero       | MALFORMED_REQUEST | max_tokens: 0 (expected: 1 to 2147483647)",
        "both       | MALFORMED_REQUEST | text_input.contents: set beside raw_input_contents",
        "raws       | MALFORMED_REQUEST | raw_input_contents: 2 (expected: one for each of 1"
            + " inputs",
        "twice      | MALFORMED_REQUEST | inputs[1].name: text_input a second time",
        "output     | MALFORMED_REQUEST | outputs[0].name: 'logits' (expected: text_output)",
        "stream     | MALFORMED_REQUEST | stream: true (expected: false at ModelInfer",
        "conflict   | MALFORMED_REQUEST | max_tokens: the tensor contradicts the parameter",
        "kind       | MALFORMED_REQUEST | parameters[seed]: of another kind",
        "temperature| MALFORMED_REQUEST | temperature: 2.5 (expected: 0 to 2.0)",
        "id         | MALFORMED_REQUEST | id: 3 characters",
        "budget     | BUDGET_INVALID    | slo_ttft_ms: '-1'",
        "nan        | BUDGET_INVALID    | slo_e2e_ms: 'nan'",
        "timeout    | BUDGET_INVALID    | timeout: 5 µs contradicts slo_e2e_ms",
        "floor      | BUDGET_BELOW_FLOOR| ",
        "sequence   | UNSUPPORTED       | sequence_id: set (expected: none",
        "memory     | UNSUPPORTED       | text_input.shared_memory_region: set",
      })
  void badInputIsRefusedByNameValueAndWhatWasExpected(String what, String reason, String message)
      throws Exception {
    StatusRuntimeException error = failureOf(infer(bad(what)));
    assertThat(info(error).getReason()).isEqualTo(reason);
    assertThat(error).hasMessageContaining(message == null ? "" : message);
    if (!reason.equals("MODEL_NOT_FOUND") && !reason.equals("BUDGET_BELOW_FLOOR")) {
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    assertThat(world.slow.started).hasValue(0);
    assertThat(world.fast.started).hasValue(0);
  }

  private static ModelInferRequest bad(String what) {
    ModelInferRequest.Builder good = OipCaller.request("");
    return switch (what) {
      case "version" -> good.setModelVersion("3").build();
      case "model" -> good.setModelName("gpt-9").build();
      case "nameless" -> good.setModelName("").build();
      case "tensor" -> with("max_token", "INT32", new byte[] {1, 0, 0, 0});
      case "none" -> good.clearInputs().clearRawInputContents().build();
      case "datatype" -> good.setInputs(0, OipCaller.input("text_input", "FP32", 1)).build();
      case "batch" ->
          good.setInputs(0, OipCaller.input("text_input", "BYTES", 2))
              .setRawInputContents(0, OipCaller.element("a").concat(OipCaller.element("b")))
              .build();
      case "negative" -> good.setInputs(0, OipCaller.input("text_input", "BYTES", -1)).build();
      case "overflow" ->
          good.setInputs(0, OipCaller.input("text_input", "BYTES", 1L << 32, 1L << 32)).build();
      case "fewer" -> good.setInputs(0, OipCaller.input("text_input", "BYTES", 3)).build();
      case "framing" ->
          good.setRawInputContents(0, ByteString.copyFrom(new byte[] {9, 0, 0, 0, 'a', 'b'}))
              .build();
      case "utf8" ->
          good.setRawInputContents(0, ByteString.copyFrom(new byte[] {1, 0, 0, 0, -1})).build();
      case "empty" -> good.setRawInputContents(0, OipCaller.element("")).build();
      case "width" -> with("max_tokens", "INT32", new byte[] {1, 0, 0});
      case "type" -> with("max_tokens", "FP32", new byte[] {1, 0, 0, 0});
      case "zero" -> with("max_tokens", "INT32", new byte[] {0, 0, 0, 0});
      case "both" -> OipCaller.typed("a").addRawInputContents(OipCaller.element("b")).build();
      case "raws" -> good.addRawInputContents(OipCaller.element("b")).build();
      case "twice" ->
          good.addInputs(good.getInputs(0)).addRawInputContents(OipCaller.element("b")).build();
      case "output" ->
          good.addOutputs(
                  ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName("logits"))
              .build();
      case "stream" -> OipCaller.streaming("").build();
      case "conflict" ->
          with("max_tokens", "INT32", new byte[] {1, 0, 0, 0}).toBuilder()
              .putParameters("max_tokens", OipCaller.whole(2))
              .build();
      case "kind" -> good.putParameters("seed", OipCaller.flag(true)).build();
      case "temperature" -> good.putParameters("temperature", OipCaller.real(2.5)).build();
      case "id" -> good.setId("a b").build();
      case "budget" -> good.putParameters("slo_ttft_ms", OipCaller.whole(-1)).build();
      case "nan" -> good.putParameters("slo_e2e_ms", OipCaller.real(Double.NaN)).build();
      case "timeout" ->
          good.putParameters("slo_e2e_ms", OipCaller.whole(7))
              .putParameters("timeout", OipCaller.whole(5))
              .build();
      case "floor" -> good.putParameters("slo_tpot_ms", OipCaller.real(0.001)).build();
      case "sequence" -> good.putParameters("sequence_id", OipCaller.whole(7)).build();
      case "memory" ->
          good.setInputs(
                  0,
                  OipCaller.input("text_input", "BYTES", 1)
                      .putParameters("shared_memory_region", OipCaller.text("r")))
              .build();
      default -> throw new AssertionError(what);
    };
  }

  private static ModelInferRequest with(String name, String datatype, byte[] raw) {
    return OipCaller.request("")
        .addInputs(OipCaller.input(name, datatype, 1))
        .addRawInputContents(ByteString.copyFrom(raw))
        .build();
  }

  @Test
  void aMessageThatIsTooLargeIsRefusedWithItsReason() throws Exception {
    StatusRuntimeException error =
        failureOf(
            infer(
                OipCaller.request("")
                    .setRawInputContents(0, OipCaller.element("x".repeat(5 << 20)))
                    .build()));
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(info(error).getReason()).isEqualTo("MESSAGE_TOO_LARGE");
  }

  // ---- ModelStreamInfer

  @Test
  void aStreamGivesEachTokenAndMarksItsLastResponse() throws Exception {
    OipCaller caller = stream(100).send(OipCaller.streaming("r-1").build()).halfClose();
    world.slow.next().answer(3);
    ModelStreamInferResponse first = caller.next();
    assertThat(OipCaller.textOf(first.getInferResponse())).isEqualTo("t0 ");
    assertThat(OipCaller.parameter(first.getInferResponse(), "sluice_backend")).isEqualTo("slow");
    assertThat(OipCaller.isLast(first)).isFalse();
    ModelStreamInferResponse second = caller.next();
    assertThat(OipCaller.textOf(second.getInferResponse())).isEqualTo("t1 ");
    assertThat(second.getInferResponse().getId()).isEqualTo("r-1");
    assertThat(OipCaller.isLast(second)).isFalse();
    assertThat(OipCaller.textOf(caller.next().getInferResponse())).isEqualTo("t2 ");
    ModelStreamInferResponse last = caller.next();
    assertThat(OipCaller.textOf(last.getInferResponse())).isEmpty();
    assertThat(OipCaller.isLast(last)).isTrue();
    assertThat(last.getInferResponse().getParametersOrThrow("output_tokens").getInt64Param())
        .isEqualTo(3);
    assertThat(caller.end().isOk()).isTrue();
  }

  @Test
  void theLastResponseHasNoTensorForWhoAsksForAnEmptyOne() throws Exception {
    OipCaller caller =
        stream(100)
            .send(
                OipCaller.streaming("")
                    .putParameters("triton_enable_empty_final_response", OipCaller.flag(true))
                    .build());
    world.slow.next().answer(1);
    assertThat(caller.next().getInferResponse().getOutputsCount()).isEqualTo(1);
    ModelStreamInferResponse last = caller.next();
    assertThat(OipCaller.isLast(last)).isTrue();
    assertThat(last.getInferResponse().getOutputsCount()).isZero();
    assertThat(last.getInferResponse().getRawOutputContentsCount()).isZero();
    caller.halfClose();
    assertThat(caller.end().isOk()).isTrue();
  }

  @Test
  void aRequestThatDoesNotAskForAStreamIsAnsweredInOnePieceOnAStreamToo() throws Exception {
    OipCaller caller = stream(100).send(OipCaller.request("r-1").build()).halfClose();
    world.slow.next().answer(3);
    ModelStreamInferResponse only = caller.next();
    assertThat(OipCaller.textOf(only.getInferResponse())).isEqualTo("t0 t1 t2 ");
    assertThat(OipCaller.isLast(only)).isTrue();
    assertThat(caller.end().isOk()).isTrue();
    assertThat(caller.pending()).isZero();
  }

  @Test
  void anErrorOfOneRequestIsToldByItsIdAndTheStreamStaysOpen() throws Exception {
    OipCaller caller = stream(100);
    caller.send(OipCaller.streaming("bad").setModelName("gpt-9").build());
    ModelStreamInferResponse error = caller.next();
    assertThat(error.getErrorMessage()).startsWith("MODEL_NOT_FOUND: model");
    assertThat(error.getInferResponse().getId()).isEqualTo("bad");
    assertThat(OipCaller.isLast(error)).isTrue();
    assertThat(OipCaller.parameter(error.getInferResponse(), "sluice_reason"))
        .isEqualTo("MODEL_NOT_FOUND");
    caller.send(OipCaller.streaming("worse").setModelVersion("1").build());
    assertThat(caller.next().getErrorMessage()).startsWith("MALFORMED_REQUEST: model_version");
    caller.send(OipCaller.streaming("broken").build());
    FakeBackend.Call call = world.slow.next();
    call.token(0, "a");
    call.fail(new BackendFailure.Broke("reset"));
    assertThat(OipCaller.textOf(caller.next().getInferResponse())).isEqualTo("a");
    ModelStreamInferResponse broken = caller.next();
    assertThat(broken.getErrorMessage()).startsWith("STREAM_INTERRUPTED");
    assertThat(
            broken
                .getInferResponse()
                .getParametersOrThrow("sluice_tokens_delivered")
                .getInt64Param())
        .isEqualTo(1);
    caller.send(OipCaller.request("good").build()).halfClose();
    world.slow.next().answer(1);
    assertThat(caller.next().getInferResponse().getId()).isEqualTo("good");
    assertThat(caller.end().isOk()).isTrue();
  }

  @Test
  void anErrorEndsTheStreamWithItsStatusForWhoAsksForThat() throws Exception {
    OipCaller caller = new OipCaller(world.with("triton_grpc_error", "true"), 100);
    caller.send(OipCaller.streaming("other").build());
    FakeBackend.Call other = world.slow.next();
    caller.send(OipCaller.streaming("bad").setModelName("gpt-9").build());
    assertThat(caller.end().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(other.awaitCancelled()).isTrue();
  }

  @Test
  void requestsOfOneStreamAreAnsweredSideBySide() throws Exception {
    OipCaller caller = stream(100);
    caller.send(OipCaller.streaming("a").build());
    FakeBackend.Call a = world.slow.next();
    caller.send(OipCaller.streaming("b").build());
    FakeBackend.Call b = world.slow.next();
    b.token(0, "b0");
    assertThat(caller.next().getInferResponse().getId()).isEqualTo("b");
    a.token(0, "a0");
    assertThat(caller.next().getInferResponse().getId()).isEqualTo("a");
    caller.halfClose();
    b.finish(1);
    assertThat(OipCaller.isLast(caller.next())).isTrue();
    a.finish(1);
    assertThat(OipCaller.isLast(caller.next())).isTrue();
    assertThat(caller.end().isOk()).isTrue();
  }

  @Test
  void cancellingTheStreamCancelsAllItsRequests() throws Exception {
    OipCaller caller = stream(100);
    caller.send(OipCaller.streaming("a").build());
    caller.send(OipCaller.streaming("b").build());
    FakeBackend.Call a = world.slow.next();
    FakeBackend.Call b = world.slow.next();
    caller.cancel();
    assertThat(a.awaitCancelled()).isTrue();
    assertThat(b.awaitCancelled()).isTrue();
    until(() -> world.gateway.ledger().cancelled() == 2);
  }

  @Test
  void aReaderThatStopsReadingStopsThePullingOfAllItsRequests() throws Exception {
    OipCaller caller = stream(1);
    caller.send(OipCaller.streaming("a").build());
    caller.send(OipCaller.streaming("b").build());
    FakeBackend.Call a = world.slow.next();
    FakeBackend.Call b = world.slow.next();
    String kilobyte = "x".repeat(1024);
    int count = 0;
    while ((a.unasked() == 0 || b.unasked() == 0) && count < 2000) {
      a.token(count, kilobyte);
      b.token(count, kilobyte);
      count++;
    }
    assertThat(count).as("kilobytes that left each backend").isLessThan(200);
    caller.request(10_000);
    a.finish(count);
    b.finish(count);
    until(() -> world.gateway.ledger().inFlight() == 0);
    assertThat(world.gateway.ledger().deliveredTokens()).isEqualTo(2L * count);
  }

  @Test
  void aMessageOfTheStreamThatIsNoneIsAnErrorOfItsOwn() throws Exception {
    OipCaller caller = stream(100);
    caller.send(
        ModelInferRequest.newBuilder()
            .setUnknownFields(
                com.google.protobuf.UnknownFieldSet.newBuilder()
                    .addField(
                        1,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFrom(new byte[] {-1}))
                            .build())
                    .build())
            .build());
    assertThat(caller.next().getErrorMessage()).startsWith("MALFORMED_REQUEST: message: not an");
    caller.halfClose();
    assertThat(caller.end().isOk()).isTrue();
  }

  // ---- what there is

  @Test
  void theServerTellsThatItLivesAndWhatItIs() {
    GRPCInferenceServiceBlockingStub server = server(world.channel);
    assertThat(server.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(server.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    assertThat(server.serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName())
        .isEqualTo("sluice");
    assertThat(
            HealthGrpc.newBlockingStub(world.channel)
                .check(
                    HealthCheckRequest.newBuilder()
                        .setService("inference.GRPCInferenceService")
                        .build())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void aModelTellsItsTensorsUnderItsNameAndItsAlias() {
    GRPCInferenceServiceBlockingStub server = server(world.channel);
    for (String name : List.of(GatewayFixtures.MODEL, "big")) {
      var metadata = server.modelMetadata(ModelMetadataRequest.newBuilder().setName(name).build());
      assertThat(metadata.getName()).isEqualTo(GatewayFixtures.MODEL);
      assertThat(metadata.getInputs(0).getName()).isEqualTo("text_input");
      assertThat(metadata.getOutputs(0).getDatatype()).isEqualTo("BYTES");
    }
    var config =
        server.modelConfig(ModelConfigRequest.newBuilder().setName("big").build()).getConfig();
    assertThat(config.getModelTransactionPolicy().getDecoupled()).isTrue();
    assertThat(config.getInputList())
        .filteredOn(input -> !input.getOptional())
        .extracting(dev.sluice.inference.ModelInput::getName)
        .containsExactly("text_input");
  }

  @Test
  void aModelIsReadyAsLongAsABackendOfItCanBeReached() {
    GRPCInferenceServiceBlockingStub server = server(world.channel);
    ModelReadyRequest question =
        ModelReadyRequest.newBuilder().setName(GatewayFixtures.MODEL).build();
    until(() -> server.modelReady(question).getReady());
    world.slow.reachable = false;
    world.fast.reachable = false;
    until(() -> !server.modelReady(question).getReady());
    var index = server.repositoryIndex(RepositoryIndexRequest.getDefaultInstance());
    assertThat(index.getModels(0).getState()).isEqualTo("UNAVAILABLE");
    assertThat(
            server
                .repositoryIndex(RepositoryIndexRequest.newBuilder().setReady(true).build())
                .getModelsCount())
        .isZero();
  }

  @Test
  void questionsAboutNothingAreRefused() throws Exception {
    GRPCInferenceServiceBlockingStub server = server(world.channel);
    for (UnaryOperator<String> each :
        List.<UnaryOperator<String>>of(
            name ->
                server.modelReady(ModelReadyRequest.newBuilder().setName(name).build()).toString(),
            name ->
                server
                    .modelMetadata(ModelMetadataRequest.newBuilder().setName(name).build())
                    .toString(),
            name ->
                server
                    .modelConfig(ModelConfigRequest.newBuilder().setName(name).build())
                    .toString(),
            name ->
                server
                    .modelStatistics(ModelStatisticsRequest.newBuilder().setName(name).build())
                    .toString())) {
      StatusRuntimeException error =
          Objects.requireNonNull(
              catchThrowableOfType(StatusRuntimeException.class, () -> each.apply("gpt-9")));
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
      assertThat(info(error).getReason()).isEqualTo("MODEL_NOT_FOUND");
    }
  }

  @Test
  void statisticsCountWhatIsOverWhicheverFrontItCameBy() throws Exception {
    CompletableFuture<ModelInferResponse> answer = infer(OipCaller.request("").build());
    world.slow.next().answer(1);
    answer.get(10, TimeUnit.SECONDS);
    failureOf(
        infer(OipCaller.request("").putParameters("slo_tpot_ms", OipCaller.real(0.001)).build()));
    GRPCInferenceServiceBlockingStub server = server(world.channel);
    ModelStatisticsRequest question = ModelStatisticsRequest.newBuilder().setName("big").build();
    // records are written a little later than callers are answered
    until(
        () -> {
          ModelStatistics seen = server.modelStatistics(question).getModelStats(0);
          return seen.getInferenceStats().getSuccess().getCount() == 1
              && seen.getInferenceStats().getFail().getCount() == 1;
        });
    ModelStatistics statistics = server.modelStatistics(question).getModelStats(0);
    assertThat(statistics.getName()).isEqualTo(GatewayFixtures.MODEL);
    assertThat(statistics.getInferenceStats().getSuccess().getNs()).isPositive();
    assertThat(statistics.getLastInference()).isGreaterThan(1_700_000_000_000L);
    assertThat(
            server
                .modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                .getModelStatsCount())
        .isEqualTo(1);
  }

  // ---- helpers

  private OipCaller stream(int messages) {
    return new OipCaller(world.channel, messages);
  }

  private CompletableFuture<ModelInferResponse> infer(ModelInferRequest request) {
    return infer(world.channel, request);
  }

  private static CompletableFuture<ModelInferResponse> infer(
      Channel channel, ModelInferRequest request) {
    return CompletableFuture.supplyAsync(() -> server(channel).modelInfer(request));
  }

  private static GRPCInferenceServiceBlockingStub server(Channel channel) {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  private static StatusRuntimeException failureOf(CompletableFuture<ModelInferResponse> answer) {
    Throwable thrown =
        answer.handle((_, failure) -> failure).orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(thrown).hasCauseInstanceOf(StatusRuntimeException.class);
    return (StatusRuntimeException) Objects.requireNonNull(thrown.getCause());
  }

  private static ErrorInfo info(StatusRuntimeException error) throws Exception {
    return Objects.requireNonNull(StatusProto.fromThrowable(error))
        .getDetails(0)
        .unpack(ErrorInfo.class);
  }

  private static double real(ModelInferResponse response, String name) {
    return response.getParametersOrThrow(name).getDoubleParam();
  }

  private static void until(BooleanSupplier condition) {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("did not come to hold within 10 s").isLessThan(endNanos);
      Thread.onSpinWait();
    }
  }
}
