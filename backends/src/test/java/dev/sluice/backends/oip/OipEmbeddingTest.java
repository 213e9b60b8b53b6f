package dev.sluice.backends.oip;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.EmbeddingContractTest;
import dev.sluice.backends.RecordingSink;
import dev.sluice.backends.Task;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.InferTensorContents;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferResponse;
import dev.sluice.inference.ModelInferResponse.InferOutputTensor;
import dev.sluice.inference.ModelMetadataResponse;
import dev.sluice.inference.ModelMetadataResponse.TensorMetadata;
import dev.sluice.inference.ModelStreamInferResponse;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The adapter embeds as promised before a server that answers by rote; and what else it may say.
 */
@Timeout(60)
final class OipEmbeddingTest extends EmbeddingContractTest {

  private final List<AutoCloseable> own = new ArrayList<>();
  private final RecordingSink sink = new RecordingSink();

  @Override
  protected Backend open() {
    return backend(server(OipEmbeddingTest::answer), Map.of());
  }

  /** The protocol has no tensor of token ids. */
  @Override
  protected boolean takesTokenIds() {
    return false;
  }

  @AfterEach
  void closeOwn() throws Exception {
    for (AutoCloseable each : own.reversed()) {
      each.close();
    }
  }

  private static void answer(OipServer.Call call) {
    List<String> texts = texts(call);
    InferParameter said = call.request().getParametersMap().get("dimensions");
    int dimensions =
        said == null ? DIMENSIONS : Math.min(DIMENSIONS, Math.toIntExact(said.getInt64Param()));
    float[] values = new float[texts.size() * dimensions];
    for (int i = 0; i < values.length; i++) {
      values[i] = sign(texts.get(i / dimensions), i % dimensions) / (float) Math.sqrt(dimensions);
    }
    call.send(output(values, texts.size(), dimensions)).close(Status.OK);
  }

  private static int sign(String text, int i) {
    return (text.hashCode() >> i & 1) == 0 ? 1 : -1;
  }

  private static List<String> texts(OipServer.Call call) {
    ByteBuffer raw = call.raw("text_input");
    List<String> texts = new ArrayList<>();
    while (raw.hasRemaining()) {
      byte[] bytes = new byte[raw.getInt()];
      raw.get(bytes);
      texts.add(new String(bytes, StandardCharsets.UTF_8));
    }
    return texts;
  }

  // ---- what is put to the server

  @Test
  void allTextsAreOneTensorAndTheLengthIsAParameterWhereNothingNamesIt() throws Exception {
    OipServer server = server(OipEmbeddingTest::answer);
    backend(server, Map.of("upstream_model", "theirs"))
        .embed(embedding(4, "one", "zwei €"), sink)
        .request(1);
    sink.awaitCompletion();
    OipServer.Call call = server.next();
    ModelInferRequest request = call.request();
    assertThat(request.getModelName()).isEqualTo("theirs");
    assertThat(request.getId()).isEqualTo("contract-2");
    assertThat(texts(call)).containsExactly("one", "zwei €");
    assertThat(request.getInputsCount()).isEqualTo(1);
    assertThat(request.getInputs(0).getShapeList()).containsExactly(2L);
    assertThat(request.getParametersMap())
        .containsOnlyKeys("dimensions")
        .containsEntry("dimensions", InferParameter.newBuilder().setInt64Param(4).build());
  }

  @Test
  void namesTypesAndRanksAreThoseOfTheModel() throws Exception {
    OipServer server =
        server(call -> call.send(output(new float[2 * 3], 2, 3, "out")).close(Status.OK));
    server.metadata =
        ModelMetadataResponse.newBuilder()
            .addInputs(tensor("text", "BYTES", 2))
            .addInputs(tensor("size", "UINT64", 1))
            .build();
    Backend backend =
        backend(
            server,
            Map.of(
                "tensor_text_input",
                "text",
                "tensor_embedding",
                "out",
                "tensor_dimensions",
                "size"));
    until(backend);
    backend.embed(embedding(3, "one", "two"), sink).request(1);
    sink.awaitCompletion();
    assertThat(sink.vectors().dimensions()).isEqualTo(3);
    OipServer.Call call = server.next();
    assertThat(call.request().getInputs(0).getShapeList()).containsExactly(2L, 1L);
    assertThat(call.raw("size").getLong()).isEqualTo(3);
    assertThat(call.request().getParametersMap()).isEmpty();
  }

  // ---- answers

  @Test
  void typedContentsAndTheCountOfTokensAreReadToo() {
    InferOutputTensor.Builder typed =
        described("embedding", "FP32", 1, 2)
            .setContents(
                InferTensorContents.newBuilder().addFp32Contents(0.5f).addFp32Contents(-2));
    ask(
        ModelInferResponse.newBuilder()
            .addOutputs(InferOutputTensor.newBuilder().setName("other").setDatatype("INT32"))
            .addOutputs(typed)
            .putParameters("input_tokens", InferParameter.newBuilder().setInt64Param(9).build()));
    assertThat(sink.awaitCompletion().inputTokens()).isEqualTo(9);
    assertThat(sink.vectors().values()).containsExactly(0.5f, -2f);
  }

  @Test
  void oneVectorMayStandAlone() {
    ask(
        ModelInferResponse.newBuilder()
            .addOutputs(described("embedding", "FP32", 2))
            .addRawOutputContents(raw(1, 2)));
    assertThat(sink.awaitCompletion().inputTokens()).as("estimated").isPositive();
    assertThat(sink.vectors().dimensions()).isEqualTo(2);
  }

  @Test
  void aLargeAnswerIsWhole() {
    String[] texts = new String[1_000];
    Arrays.fill(texts, "x");
    OipServer server =
        server(call -> call.send(output(new float[1_000 * 4096], 1_000, 4096)).close(Status.OK));
    backend(server, Map.of()).embed(embedding(0, texts), sink).request(1);
    sink.awaitCompletion();
    assertThat(sink.vectors().count()).isEqualTo(1_000);
    assertThat(sink.vectors().dimensions()).isEqualTo(4096);
  }

  @Test
  void anAnswerLargerThanAnyVectorIsNotTakenIn() {
    ask(
        ModelInferResponse.newBuilder()
            .addOutputs(described("embedding", "FP32", 1, 2_000_000))
            .addRawOutputContents(ByteString.copyFrom(new byte[8_000_000])));
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Protocol.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing | no output embedding",
        "type    | embedding: FP16 (expected: FP32)",
        "number  | embedding.shape: [2, 2] (expected: [1, length of the vectors])",
        "rank    | embedding.shape: [1, 1, 2] (expected: [1,",
        "length  | embedding.shape: [1, 0] (expected: [1,",
        "minus   | embedding.shape: [1, -1] (expected: [1,",
        "huge    | embedding.shape: [1, 9223372036854775807] (expected: [1,",
        "short   | embedding.contents: 8 bytes (expected: 12, as its shape says)",
        "typed   | embedding.contents: 0 values (expected: 2, as its shape says)",
        "nan     | embedding: a value that is no number",
        "id      | id: another request's",
      })
  void anAnswerThatIsNoneIsNamedForWhatItIs(String what, String detail) {
    ask(
        switch (what) {
          case "nothing" -> ModelInferResponse.newBuilder();
          case "type" -> with(described("embedding", "FP16", 1, 2), 1, 2);
          case "number" -> with(described("embedding", "FP32", 2, 2), 1, 2, 3, 4);
          case "rank" -> with(described("embedding", "FP32", 1, 1, 2), 1, 2);
          case "length" -> with(described("embedding", "FP32", 1, 0));
          case "minus" -> with(described("embedding", "FP32", 1, -1), 1);
          case "huge" -> with(described("embedding", "FP32", 1, Long.MAX_VALUE), 1);
          case "short" -> with(described("embedding", "FP32", 1, 3), 1, 2);
          case "typed" ->
              ModelInferResponse.newBuilder().addOutputs(described("embedding", "FP32", 1, 2));
          case "nan" -> with(described("embedding", "FP32", 1, 2), 1, Float.NaN);
          case "id" -> with(described("embedding", "FP32", 1, 2), 1, 2).setId("another");
          default -> throw new AssertionError(what);
        });
    BackendFailure failure = sink.awaitFailure();
    assertThat(failure).isInstanceOf(BackendFailure.Protocol.class);
    assertThat(failure.detail()).contains(detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NOT_FOUND", "UNIMPLEMENTED"})
  void aServerThatIsNotSetUpForItSaysSoWithItsStatus(String code) {
    OipServer server =
        server(
            call -> call.close(Status.Code.valueOf(code).toStatus().withDescription("a secret")));
    backend(server, Map.of()).embed(embedding(0, "one"), sink).request(1);
    BackendFailure failure = sink.awaitFailure();
    assertThat(failure)
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected -> assertThat(rejected.kind()).isEqualTo(Kind.MISCONFIGURED));
    assertThat(failure.detail()).doesNotContain("a secret");
  }

  @Test
  void aCancelReachesTheServer() throws Exception {
    OipServer server = server(_ -> {});
    BackendCall call = backend(server, Map.of()).embed(embedding(0, "one"), sink);
    OipServer.Call asked = server.next();
    call.cancel();
    while (!asked.isCancelled()) {
      Thread.onSpinWait();
    }
    assertThat(sink.ends()).isZero();
  }

  @Test
  void aBackendOfThisKindMayDoBoth() {
    assertThat(new OipBackendFactory().tasks(new BackendSpec("b", "m", null, Map.of())))
        .containsExactly(Task.GENERATE, Task.EMBED);
  }

  // ---- helpers

  private OipServer server(OipServer.Script script) {
    OipServer server = new OipServer(Flavour.UNARY, script);
    own.add(server);
    return server;
  }

  private Backend backend(OipServer server, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("target", server.target());
    Backend backend =
        new OipBackendFactory()
            .create(new BackendSpec("contract", "contract-model", null, settings));
    own.add(backend);
    return backend;
  }

  /** Asks a server that gives this answer for one vector. */
  private void ask(ModelInferResponse.Builder response) {
    OipServer server =
        server(
            call -> {
              if (response.getId().isEmpty()) {
                call.send(response);
              } else {
                call.send(ModelStreamInferResponse.newBuilder().setInferResponse(response).build());
              }
              call.close(Status.OK);
            });
    backend(server, Map.of()).embed(embedding(0, "one"), sink).request(1);
  }

  private static void until(Backend backend) {
    while (!backend.reachable()) {
      Thread.onSpinWait();
    }
  }

  private static ModelInferResponse.Builder output(float[] values, int count, int dimensions) {
    return output(values, count, dimensions, "embedding");
  }

  private static ModelInferResponse.Builder output(
      float[] values, int count, int dimensions, String name) {
    return with(described(name, "FP32", count, dimensions), values);
  }

  private static ModelInferResponse.Builder with(
      InferOutputTensor.Builder tensor, float... values) {
    return ModelInferResponse.newBuilder().addOutputs(tensor).addRawOutputContents(raw(values));
  }

  private static InferOutputTensor.Builder described(String name, String datatype, long... shape) {
    InferOutputTensor.Builder tensor =
        InferOutputTensor.newBuilder().setName(name).setDatatype(datatype);
    for (long length : shape) {
      tensor.addShape(length);
    }
    return tensor;
  }

  private static ByteString raw(float... values) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return ByteString.copyFrom(raw);
  }

  private static TensorMetadata tensor(String name, String datatype, int rank) {
    TensorMetadata.Builder tensor = TensorMetadata.newBuilder().setName(name).setDatatype(datatype);
    for (int i = 0; i < rank; i++) {
      tensor.addShape(-1);
    }
    return tensor.build();
  }
}
