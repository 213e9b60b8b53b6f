package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Prompt;
import dev.sluice.gateway.core.request.Task;
import dev.sluice.inference.DataType;
import dev.sluice.inference.GRPCInferenceServiceGrpc;
import dev.sluice.inference.InferTensorContents;
import dev.sluice.inference.ModelConfig;
import dev.sluice.inference.ModelConfigRequest;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferResponse;
import dev.sluice.inference.ModelMetadataRequest;
import dev.sluice.inference.ModelMetadataResponse;
import dev.sluice.inference.ModelStreamInferResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

/** Vectors over the Open Inference Protocol, with backends that do what the test says. */
@Isolated("a pause would be taken for one of the gateway")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the field
final class OipEmbeddingTest {

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
  void oneVectorComesForEachTextWithTheAccount() throws Exception {
    CompletableFuture<ModelInferResponse> answer =
        infer(
            request("one", "two").setId("mine-1").putParameters("dimensions", OipCaller.whole(2)));
    FakeBackend.Embedded asked = world.slow.nextEmbedding();
    assertThat(asked.embedding().inputs())
        .containsExactly(new Prompt.Text("one"), new Prompt.Text("two"));
    assertThat(asked.embedding().dimensions()).isEqualTo(2);
    asked.answer(0.25f, 7);
    ModelInferResponse response = answer.get(10, TimeUnit.SECONDS);
    assertThat(response.getModelName()).isEqualTo(GatewayFixtures.MODEL);
    assertThat(response.getId()).isEqualTo("mine-1");
    assertVectors(response, List.of(2L, 2L), 0.25f, 1.25f, 2.25f, 3.25f);
    assertThat(OipCaller.parameter(response, "sluice_backend")).isEqualTo("slow");
    assertThat(OipCaller.parameter(response, "sluice_request_id")).isEqualTo("mine-1");
    assertThat(number(response, "input_tokens")).isEqualTo(7);
    assertThat(number(response, "sluice_attempts")).isEqualTo(1);
    assertThat(response.getParametersOrThrow("sluice_budget_met").getBoolParam()).isTrue();
    assertThat(response.getParametersMap()).doesNotContainKeys("finish_reason", "output_tokens");
  }

  @Test
  void typedTextsInAColumnAndABudgetAreReadToo() throws Exception {
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder()
            .setModelName("big")
            .addInputs(
                OipCaller.input("text_input", "BYTES", 2, 1)
                    .setContents(
                        InferTensorContents.newBuilder()
                            .addBytesContents(ByteString.copyFromUtf8("é"))
                            .addBytesContents(ByteString.copyFromUtf8("b"))))
            .addInputs(
                OipCaller.input("dimensions", "INT64", 1)
                    .setContents(InferTensorContents.newBuilder().addInt64Contents(2)))
            .putParameters("slo_e2e_ms", OipCaller.real(500));
    CompletableFuture<ModelInferResponse> answer = infer(request);
    FakeBackend.Embedded asked = world.slow.nextEmbedding();
    assertThat(asked.embedding().inputs().getFirst()).isEqualTo(new Prompt.Text("é"));
    assertThat(asked.embedding().dimensions()).isEqualTo(2);
    assertThat(asked.embedding().terms().totalNanos()).isBetween(1L, 500_000_000L);
    asked.answer(1, 2);
    assertVectors(answer.get(10, TimeUnit.SECONDS), List.of(2L, 2L), 1, 2, 3, 4);
  }

  @Test
  void aRequestOnAStreamIsAnsweredWithOneResponseThatIsTheLast() throws Exception {
    OipCaller caller =
        new OipCaller(world.channel, 100)
            .send(
                request("one")
                    .setId("r-1")
                    .putParameters("triton_enable_empty_final_response", OipCaller.flag(true))
                    .build())
            .halfClose();
    world.slow.nextEmbedding().answer(1, 2);
    ModelStreamInferResponse only = caller.next();
    assertThat(only.getErrorMessage()).isEmpty();
    assertVectors(only.getInferResponse(), List.of(1L, 2L), 1, 2);
    assertThat(only.getInferResponse().getId()).isEqualTo("r-1");
    assertThat(OipCaller.parameter(only.getInferResponse(), "sluice_backend")).isEqualTo("slow");
    assertThat(OipCaller.isLast(only)).isTrue();
    assertThat(caller.end().isOk()).isTrue();
    assertThat(caller.pending()).isZero();
  }

  @Test
  void anotherBackendAnswersInPlaceOfOneThatFails() throws Exception {
    CompletableFuture<ModelInferResponse> answer = infer(request("one"));
    world.slow.nextEmbedding().fail(new BackendFailure.Broke("connection reset"));
    world.fast.nextEmbedding().answer(3, 2);
    ModelInferResponse response = answer.get(10, TimeUnit.SECONDS);
    assertVectors(response, List.of(1L, 2L), 3, 4);
    assertThat(OipCaller.parameter(response, "sluice_backend")).isEqualTo("fast");
    assertThat(number(response, "sluice_attempts")).isEqualTo(2);
  }

  @Test
  void asManyTextsAsOpenAisApiTakesAreAnsweredWhole() throws Exception {
    String[] texts = new String[2048];
    Arrays.fill(texts, "x");
    CompletableFuture<ModelInferResponse> answer = infer(request(texts));
    world.slow.nextEmbedding().answer(0.5f, 2048);
    ModelInferResponse response = answer.get(10, TimeUnit.SECONDS);
    assertThat(response.getOutputs(0).getShapeList()).containsExactly(2048L, 2L);
    assertThat(response.getRawOutputContents(0).size()).isEqualTo(2048 * 2 * Float.BYTES);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none       | inputs: no text_input among [] (expected: text_input, BYTES, one element for"
            + " each",
        "empty      | text_input: 0 (expected: 1 to 2048)",
        "many       | text_input: 2049 (expected: 1 to 2048)",
        "blank      | text_input[1]: empty (expected: at least one character)",
        "row        | text_input.shape: [1, 2] (expected: as many texts as its first length)",
        "datatype   | text_input.datatype: 'INT32' (expected: BYTES)",
        "tensor     | inputs[1].name: 'max_tokens' (expected: one of [text_input, dimensions])",
        "output     | outputs[0].name: 'text_output' (expected: embedding)",
        "dimensions | dimensions: 0 (expected: 1 to 2147483647)",
        "both       | dimensions: the tensor contradicts the parameter",
      })
  void badInputIsRefusedByNameValueAndWhatWasExpected(String what, String message)
      throws Exception {
    StatusRuntimeException error = failureOf(infer(bad(what)));
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(error).hasMessageContaining(message);
    assertThat(info(error).getReason()).isEqualTo("MALFORMED_REQUEST");
    assertThat(world.slow.started).hasValue(0);
    assertThat(world.fast.started).hasValue(0);
  }

  private static ModelInferRequest.Builder bad(String what) {
    return switch (what) {
      case "none" -> request().clearInputs().clearRawInputContents();
      case "empty" -> request();
      case "many" -> {
        String[] texts = new String[2049];
        Arrays.fill(texts, "x");
        yield request(texts);
      }
      case "blank" -> request("one", "");
      case "row" ->
          request("one", "two").setInputs(0, OipCaller.input("text_input", "BYTES", 1, 2));
      case "datatype" -> request("one").setInputs(0, OipCaller.input("text_input", "INT32", 1));
      case "tensor" ->
          request("one")
              .addInputs(OipCaller.input("max_tokens", "INT32", 1))
              .addRawInputContents(ByteString.copyFrom(new byte[] {1, 0, 0, 0}));
      case "output" ->
          request("one")
              .addOutputs(
                  ModelInferRequest.InferRequestedOutputTensor.newBuilder().setName("text_output"));
      case "dimensions" -> request("one").putParameters("dimensions", OipCaller.whole(0));
      case "both" ->
          request("one")
              .addInputs(OipCaller.input("dimensions", "INT32", 1))
              .addRawInputContents(ByteString.copyFrom(new byte[] {1, 0, 0, 0}))
              .putParameters("dimensions", OipCaller.whole(2));
      default -> throw new AssertionError(what);
    };
  }

  @Test
  void aModelThatGeneratesHasNoVectors() throws Exception {
    try (GatewayFixtures generating = new GatewayFixtures()) {
      StatusRuntimeException error =
          catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  GRPCInferenceServiceGrpc.newBlockingStub(generating.channel)
                      .modelInfer(
                          request("one")
                              .addOutputs(
                                  ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                                      .setName("embedding"))
                              .build()));
      assertThat(error).hasMessageContaining("'embedding' (expected: text_output)");
      generating.assertBooksBalance();
    }
  }

  @Test
  void theModelTellsWhatItTakesAndGives() {
    ModelMetadataResponse metadata =
        GRPCInferenceServiceGrpc.newBlockingStub(world.channel)
            .modelMetadata(ModelMetadataRequest.newBuilder().setName("big").build());
    assertThat(metadata.getInputsList())
        .extracting(input -> input.getName() + " " + input.getDatatype() + input.getShapeList())
        .containsExactly("text_input BYTES[-1]", "dimensions INT32[1]");
    assertThat(metadata.getOutputsList())
        .extracting(output -> output.getName() + " " + output.getDatatype() + output.getShapeList())
        .containsExactly("embedding FP32[-1, -1]");
    ModelConfig config =
        GRPCInferenceServiceGrpc.newBlockingStub(world.channel)
            .modelConfig(ModelConfigRequest.newBuilder().setName("big").build())
            .getConfig();
    assertThat(config.getModelTransactionPolicy().getDecoupled()).isFalse();
    assertThat(config.getInputList())
        .extracting(input -> input.getName() + " " + input.getOptional())
        .containsExactly("text_input false", "dimensions true");
    assertThat(config.getOutput(0).getDataType()).isEqualTo(DataType.TYPE_FP32);
    assertThat(config.getOutput(0).getDimsList()).containsExactly(-1L, -1L);
  }

  // ---- helpers

  private static ModelInferRequest.Builder request(String... texts) {
    ByteString raw = ByteString.EMPTY;
    for (String text : texts) {
      raw = raw.concat(OipCaller.element(text));
    }
    return ModelInferRequest.newBuilder()
        .setModelName(GatewayFixtures.MODEL)
        .addInputs(OipCaller.input("text_input", "BYTES", texts.length))
        .addRawInputContents(raw);
  }

  private CompletableFuture<ModelInferResponse> infer(ModelInferRequest.Builder request) {
    ModelInferRequest built = request.build();
    return CompletableFuture.supplyAsync(
        () -> GRPCInferenceServiceGrpc.newBlockingStub(world.channel).modelInfer(built));
  }

  private static StatusRuntimeException failureOf(CompletableFuture<ModelInferResponse> answer) {
    ExecutionException failed =
        catchThrowableOfType(ExecutionException.class, () -> answer.get(20, TimeUnit.SECONDS));
    return (StatusRuntimeException) Objects.requireNonNull(failed.getCause());
  }

  private static ErrorInfo info(StatusRuntimeException error) throws Exception {
    return Objects.requireNonNull(StatusProto.fromThrowable(error))
        .getDetails(0)
        .unpack(ErrorInfo.class);
  }

  private static void assertVectors(
      ModelInferResponse response, List<Long> shape, float... values) {
    assertThat(response.getOutputsCount()).isEqualTo(1);
    assertThat(response.getOutputs(0).getName()).isEqualTo("embedding");
    assertThat(response.getOutputs(0).getDatatype()).isEqualTo("FP32");
    assertThat(response.getOutputs(0).getShapeList()).isEqualTo(shape);
    ByteBuffer raw =
        response.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    List<Float> came = new ArrayList<>();
    while (raw.hasRemaining()) {
      came.add(raw.getFloat());
    }
    List<Float> expected = new ArrayList<>();
    for (float value : values) {
      expected.add(value);
    }
    assertThat(came).isEqualTo(expected);
  }

  private static long number(ModelInferResponse response, String name) {
    return response.getParametersOrThrow(name).getInt64Param();
  }
}
