package dev.sluice.backends.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.LoadReport;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.RecordingSink;
import dev.sluice.backends.Sampling;
import dev.sluice.inference.InferParameter;
import dev.sluice.inference.ModelInferResponse;
import dev.sluice.inference.ModelMetadataResponse;
import dev.sluice.inference.ModelStreamInferResponse;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is put to servers of each flavour, and what is made of what they say. */
final class OipBackendTest {

  private static final int ALL = Integer.MAX_VALUE;
  private static final String SECRET = "a secret";

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final RecordingSink sink = new RecordingSink();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  // ---- answers

  @ParameterizedTest
  @EnumSource(Flavour.class)
  void anAnswerOfEachFlavourIsReadWhole(Flavour flavour) {
    start(server(flavour, call -> sendAll(flavour, call, "ab", "cd")));
    Completion completion = sink.awaitCompletion();
    assertThat(sink.text()).isEqualTo("abcd");
    assertThat(completion.reason()).isEqualTo(Completion.Reason.STOP);
    assertThat(completion.counted()).isEqualTo(Completion.Counted.BY_ESTIMATE);
    assertThat(completion.inputTokens()).isEqualTo(2);
    assertThat(sink.tokenCount()).isEqualTo(completion.outputTokens());
    assertThat(sink.violations()).isEmpty();
  }

  private static void sendAll(Flavour flavour, OipServer.Call call, String... pieces) {
    if (flavour == Flavour.UNARY) {
      call.piece(String.join("", pieces)).close(Status.OK);
      return;
    }
    for (String piece : pieces) {
      call.piece(piece);
    }
    call.end();
  }

  @Test
  void contentsThatAreTypedAreReadLikeRawOnes() {
    start(server(Flavour.UNARY, call -> call.send(OipServer.typedOutput("hé")).close(Status.OK)));
    sink.awaitCompletion();
    assertThat(sink.text()).isEqualTo("hé");
  }

  @Test
  void aCharacterThatIsCutUpLeavesWhole() {
    byte[] smile = "🙂".getBytes(StandardCharsets.UTF_8);
    start(
        server(
            Flavour.TRITON,
            call ->
                call.piece(new byte[] {'a', smile[0], smile[1]})
                    .piece(new byte[] {smile[2], smile[3]})
                    .end()));
    sink.awaitCompletion();
    assertThat(sink.text()).isEqualTo("a🙂");
    sink.chunks().forEach(chunk -> assertThat(chunk.text()).doesNotContain("\ufffd"));
  }

  @Test
  void aCharacterThatIsNeverCompletedIsShownAsSuch() {
    start(server(Flavour.MLSERVER, call -> call.piece(new byte[] {'a', (byte) 0xe2}).end()));
    sink.awaitCompletion();
    assertThat(sink.text()).isEqualTo("a\ufffd");
  }

  @Test
  void whatTheServerCountsAndSaysOfTheEndIsBelieved() {
    start(
        server(
            Flavour.TRITON,
            call -> {
              call.piece("abc");
              call.send(
                      OipServer.last(ModelInferResponse.newBuilder(), true)
                          .putParameters("finish_reason", text("length"))
                          .putParameters("input_tokens", number(5))
                          .putParameters("output_tokens", number(3)))
                  .close(Status.OK);
            }));
    Completion completion = sink.awaitCompletion();
    assertThat(completion)
        .isEqualTo(
            new Completion(Completion.Reason.LENGTH, 5, 3, 0, Completion.Counted.BY_BACKEND));
    assertThat(sink.tokenCount()).isEqualTo(3);
  }

  @Test
  void textThatNoPieceCountedIsEstimatedByItsLength() {
    start(server(Flavour.UNARY, call -> call.piece("x".repeat(40)).close(Status.OK)));
    Completion completion = sink.awaitCompletion();
    assertThat(completion.outputTokens()).isEqualTo(10);
    assertThat(sink.tokenCount()).isEqualTo(10);
  }

  // ---- answers that are none

  @Test
  void aStreamThatEndsWithoutItsLastResponseIsNoAnswer() {
    start(server(Flavour.TRITON, call -> call.piece("ab").close(Status.OK)));
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Protocol.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Flavour.class,
      names = {"TRITON", "MLSERVER"})
  void aStreamWithoutAResponseIsNoAnswer(Flavour flavour) {
    start(server(flavour, call -> call.close(Status.OK)));
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Protocol.class);
  }

  @Test
  void anErrorInTheStreamEndsTheAnswerAndItsWordsAreNotRepeated() {
    start(
        server(
            Flavour.TRITON,
            call ->
                call.send(
                    ModelStreamInferResponse.newBuilder()
                        .setErrorMessage("bad: " + SECRET)
                        .build())));
    BackendFailure failure = sink.awaitFailure();
    assertThat(failure).isInstanceOf(BackendFailure.Broke.class);
    assertThat(failure.detail()).doesNotContain(SECRET);
  }

  @Test
  void anAnswerToAnotherRequestIsNoAnswer() {
    start(
        server(
            Flavour.TRITON,
            call ->
                call.send(
                    ModelStreamInferResponse.newBuilder()
                        .setInferResponse(OipServer.output(new byte[] {'a'}).setId("other"))
                        .build())));
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Protocol.class);
  }

  @Test
  void anOutputOfAnotherTypeIsNamed() {
    start(
        server(
            Flavour.MLSERVER,
            call ->
                call.send(ModelInferResponse.newBuilder().addOutputs(OipServer.tensor("FP32")))));
    assertThat(sink.awaitFailure().detail()).contains("text_output: FP32 (expected: BYTES)");
  }

  @Test
  void bytesThatBelieTheirLengthAreNoAnswer() {
    start(
        server(
            Flavour.MLSERVER,
            call ->
                call.send(
                    ModelInferResponse.newBuilder()
                        .addOutputs(OipServer.tensor("BYTES"))
                        .addRawOutputContents(
                            com.google.protobuf.ByteString.copyFrom(
                                new byte[] {9, 0, 0, 0, 'a'})))));
    assertThat(sink.awaitFailure().detail()).contains("5 bytes that begin with length 9");
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_FOUND, MISCONFIGURED",
    "UNIMPLEMENTED, MISCONFIGURED",
    "INVALID_ARGUMENT, INVALID",
    "UNAVAILABLE, OVERLOADED",
    "RESOURCE_EXHAUSTED, OVERLOADED",
  })
  void aStatusBeforeTheFirstTokenIsARefusal(Status.Code code, Kind kind) {
    start(
        server(
            Flavour.TRITON,
            call -> call.close(Status.fromCode(code).withDescription("about " + SECRET))));
    BackendFailure.Rejected rejected = (BackendFailure.Rejected) sink.awaitFailure();
    assertThat(rejected.kind()).isEqualTo(kind);
    assertThat(rejected.detail()).doesNotContain(SECRET);
  }

  @Test
  void aStatusAfterATokenIsABreak() {
    start(server(Flavour.MLSERVER, call -> call.piece("ab").close(Status.INTERNAL)));
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Broke.class);
    assertThat(sink.text()).isEqualTo("ab");
  }

  @Test
  void aChatIsRefusedSinceTheProtocolHasNone() {
    OipServer server = server(Flavour.TRITON, OipServer.Call::end);
    Generation chat =
        new Generation(
            "r-1",
            "m",
            new Prompt.Chat(List.of(new Prompt.Message("user", "hi"))),
            Sampling.upTo(9),
            Generation.Terms.NONE);
    backend(server, Map.of()).start(chat, sink).request(ALL);
    assertThat(((BackendFailure.Rejected) sink.awaitFailure()).kind()).isEqualTo(Kind.INVALID);
  }

  // ---- requests

  @Test
  void aRequestSaysAllThatAGenerationSays() throws Exception {
    OipServer server = server(Flavour.TRITON, OipServer.Call::end);
    backend(
            server,
            Map.of(
                "upstream_model",
                "up",
                "tensor_max_tokens",
                "request_output_len",
                "tensor_top_k",
                "none"))
        .start(full(), sink);
    OipServer.Call call = server.next();
    assertThat(call.request().getModelName()).isEqualTo("up");
    assertThat(call.request().getId()).isEqualTo("r-1");
    assertThat(call.text("text_input")).isEqualTo(SECRET);
    assertThat(call.raw("stream").get()).isEqualTo((byte) 1);
    assertThat(call.raw("request_output_len").getInt()).isEqualTo(9);
    assertThat(call.raw("temperature").getFloat()).isEqualTo(0.5f);
    assertThat(call.raw("top_p").getFloat()).isEqualTo(0.9f);
    assertThat(call.request().getInputsList())
        .extracting(dev.sluice.inference.ModelInferRequest.InferInputTensor::getName)
        .doesNotContain("top_k", "none");
    assertThat(call.raw("seed").getInt()).isEqualTo(11);
    assertThat(call.text("stop")).isEqualTo("END");
    assertThat(
            call.request()
                .getParametersOrThrow("triton_enable_empty_final_response")
                .getBoolParam())
        .isTrue();
  }

  @Test
  void onlyInputsThatTheMetadataNamesAreSentAndAsItHasThem() throws Exception {
    OipServer server = server(Flavour.TRITON, OipServer.Call::end);
    server.metadata =
        ModelMetadataResponse.newBuilder()
            .addInputs(input("text_input", "BYTES", 2))
            .addInputs(input("max_tokens", "INT64", 2))
            .addInputs(input("sampling_parameters", "BYTES", 1))
            .build();
    Backend backend = backend(server, Map.of());
    until(backend::reachable);
    backend.start(full(), sink);
    OipServer.Call call = server.next();
    assertThat(call.request().getInputsList())
        .extracting(input -> input.getName() + input.getDatatype() + input.getShapeList())
        .containsExactly(
            "text_inputBYTES[1, 1]", "max_tokensINT64[1, 1]", "sampling_parametersBYTES[1]");
    assertThat(call.raw("max_tokens").getLong()).isEqualTo(9);
    assertThat(call.text("sampling_parameters"))
        .isEqualTo(
            "{\"max_tokens\":9,\"temperature\":0.5,\"top_p\":0.9,\"top_k\":40,\"seed\":11,"
                + "\"stop\":[\"END\"]}");
  }

  @Test
  void whatIsLeftOfAnAnswerIsAskedForWithItsBeginning() throws Exception {
    OipServer server = server(Flavour.MLSERVER, call -> call.piece("cd").end());
    RecordingSink rest = new RecordingSink(4);
    backend(server, Map.of("continuation", "plausible"))
        .start(
            new Generation(
                "r-1",
                "m",
                new Prompt.Text("p "),
                Sampling.upTo(9),
                Generation.Terms.NONE,
                new Generation.Progress(4, "ab", List.of())),
            rest)
        .request(ALL);
    OipServer.Call call = server.next();
    assertThat(call.text("text_input")).isEqualTo("p ab");
    assertThat(call.raw("max_tokens").getInt()).isEqualTo(5);
    assertThat(rest.awaitCompletion().outputTokens()).isEqualTo(5);
  }

  @Test
  void cancellingReachesTheServer() throws Exception {
    OipServer server = server(Flavour.TRITON, call -> call.piece("ab"));
    backend(server, Map.of()).start(full(), sink).cancel();
    OipServer.Call call = server.calls().poll(100, TimeUnit.MILLISECONDS);
    if (call != null) { // it may never have left
      until(call::isCancelled);
    }
    assertThat(sink.ends()).isZero();
  }

  // ---- health and load

  @Test
  void aModelThatIsNotReadyIsNotReachableAndIsSeenWhenItIs() {
    OipServer server = server(Flavour.TRITON, OipServer.Call::end);
    server.ready = false;
    Backend backend = backend(server, Map.of());
    assertThat(backend.reachable()).isFalse();
    server.ready = true;
    until(backend::reachable);
    server.readyStatus = Status.UNKNOWN; // MLServer's word for a model that it does not have
    until(() -> !backend.reachable());
  }

  @Test
  void aServerThatDoesNotTellReadinessIsTakenToBeReady() {
    OipServer server = server(Flavour.TRITON, OipServer.Call::end);
    server.readyStatus = Status.UNIMPLEMENTED;
    until(backend(server, Map.of())::reachable);
  }

  @Test
  void aModelWithoutTheTensorIsNotAsked() throws Exception {
    OipServer server = server(Flavour.TRITON, OipServer.Call::end);
    server.metadata =
        ModelMetadataResponse.newBuilder().addInputs(input("INPUT0", "FP32", 1)).build();
    Signature signature = Signature.of(server.metadata);
    TensorNames usual =
        new TensorNames(
            "text_input",
            "text_output",
            "stream",
            "max_tokens",
            new TensorNames.Drawing("temperature", "top_p", "top_k", "seed", "stop"),
            new TensorNames.Embedding("embedding", "dimensions"));
    assertThat(signature.misfit(usual))
        .hasValueSatisfying(why -> assertThat(why).contains("INPUT0"));
    Backend misfit = backend(server, Map.of());
    Backend fit = backend(server(Flavour.TRITON, OipServer.Call::end), Map.of());
    until(fit::reachable); // by then the other would have been
    assertThat(misfit.reachable()).isFalse();
  }

  @Test
  void statisticsTellWhatOthersAskForBesideUs() {
    LoadMeter meter = new LoadMeter();
    meter.began();
    assertThat(meter.read(0, 0, 0)).isEqualTo(new LoadReport(1, 0, 0, 0));
    meter.ended(2_000_000_000L, true);
    meter.began();
    // in two seconds: two of ours, and six of others, of which two waited
    assertThat(meter.read(16_000_000_000L - 2_000_000_000L, 4_000_000_000L, 2_000_000_000L))
        .isEqualTo(new LoadReport(1 + 4, 2, 0, 0));
    assertThat(meter.read(0, 0, 3_000_000_000L)).isEqualTo(new LoadReport(1, 0, 0, 0));
  }

  @Test
  void aServerWithStatisticsReportsItsLoad() {
    OipServer server = server(Flavour.TRITON, OipServer.Call::end);
    server.successNanos = 1;
    Backend backend = backend(server, Map.of());
    until(() -> backend.reachable() && backend.load().isPresent());
  }

  // ---- helpers

  private OipServer server(Flavour flavour, OipServer.Script script) {
    OipServer server = new OipServer(flavour, script);
    opened.add(server);
    return server;
  }

  private Backend backend(OipServer server, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("target", server.target());
    settings.put("flavour", server.flavour().name().toLowerCase(Locale.ROOT));
    Backend backend = new OipBackendFactory().create(new BackendSpec("b", "m", null, settings));
    opened.add(backend);
    return backend;
  }

  private void start(OipServer server) {
    backend(server, Map.of())
        .start(
            new Generation(
                "r-1", "m", new Prompt.Text(SECRET), Sampling.upTo(100), Generation.Terms.NONE),
            sink)
        .request(ALL);
  }

  private static Generation full() {
    return new Generation(
        "r-1",
        "m",
        new Prompt.Text(SECRET),
        new Sampling(9, 0.5, 0.9, 40, 11L, List.of("END")),
        Generation.Terms.NONE);
  }

  private static ModelMetadataResponse.TensorMetadata input(
      String name, String datatype, int rank) {
    ModelMetadataResponse.TensorMetadata.Builder tensor =
        ModelMetadataResponse.TensorMetadata.newBuilder().setName(name).setDatatype(datatype);
    for (int i = 0; i < rank; i++) {
      tensor.addShape(-1);
    }
    return tensor.build();
  }

  private static InferParameter text(String value) {
    return InferParameter.newBuilder().setStringParam(value).build();
  }

  private static InferParameter number(long value) {
    return InferParameter.newBuilder().setInt64Param(value).build();
  }

  private static void until(BooleanSupplier condition) {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - startNanos > TimeUnit.SECONDS.toNanos(20)) {
        throw new AssertionError("did not come to hold within 20 s");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
