package dev.sluice.backends.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.EmbeddingContractTest;
import dev.sluice.backends.RecordingSink;
import dev.sluice.backends.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The adapter embeds as promised, before an engine that answers by rote; and what else it may say.
 */
@Timeout(60)
final class OpenAiEmbeddingTest extends EmbeddingContractTest {

  private static final Pattern INPUT = Pattern.compile("\"input\":\\[(.*)\\],\"encoding_format");
  private static final Pattern EACH = Pattern.compile("\"(?:\\\\.|[^\"\\\\])*\"|\\[[^\\]]*\\]");

  private final List<AutoCloseable> own = new ArrayList<>();

  @Override
  protected Backend open() {
    return backend("vllm", upstream(OpenAiEmbeddingTest::answer));
  }

  @AfterEach
  void closeOwn() throws Exception {
    for (AutoCloseable each : own.reversed()) {
      each.close();
    }
  }

  /** Answers in base64, the last input first. */
  private static void answer(Upstream.Call call) throws Exception {
    Matcher input = INPUT.matcher(call.body());
    assertThat(input.find()).isTrue();
    Matcher dimensions = Pattern.compile("\"dimensions\":(\\d+)").matcher(call.body());
    int length = dimensions.find() ? Integer.parseInt(dimensions.group(1)) : DIMENSIONS;
    List<String> entries = new ArrayList<>();
    Matcher each = EACH.matcher(input.group(1));
    while (each.find()) {
      entries.addFirst(
          "{\"embedding\":\"%s\",\"index\":%d,\"object\":\"embedding\"}"
              .formatted(
                  base64(vector(each.group().hashCode(), Math.min(length, DIMENSIONS))),
                  entries.size()));
    }
    call.plain(
        200,
        "",
        "{\"object\":\"list\",\"data\":[%s],\"model\":\"theirs\",\"usage\":{\"prompt_tokens\":%d}}"
            .formatted(String.join(",", entries), 3 * entries.size()));
  }

  private static float[] vector(int seed, int length) {
    float[] values = new float[length];
    Arrays.fill(values, 0);
    values[Math.floorMod(seed, length)] = 0.6f;
    values[Math.floorMod(seed + 1, length)] = 0.8f;
    return values;
  }

  private static String base64(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  @Test
  void asksForBase64InOneRequest() {
    Upstream upstream = upstream(OpenAiEmbeddingTest::answer);
    RecordingSink sink = new RecordingSink();
    backend("openai", upstream).embed(embedding(4, "a \"b\"", "c"), sink).request(1);
    sink.awaitCompletion();
    Upstream.Call call = upstream.next();
    assertThat(call.path()).isEqualTo("/v1/embeddings");
    assertThat(call.body())
        .isEqualTo(
            "{\"model\":\"theirs\",\"input\":[\"a \\\"b\\\"\",\"c\"],"
                + "\"encoding_format\":\"base64\",\"dimensions\":4}");
  }

  @Test
  void numbersAreReadAsWell() {
    RecordingSink sink =
        embedded(
            "{\"data\":[{\"index\":0,\"embedding\":[0.5,-1,2e-1],\"more\":{\"a\":[1]}}],"
                + "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7,\"details\":{}}}");
    assertThat(sink.awaitCompletion().inputTokens()).isEqualTo(7);
    assertThat(sink.vectors().values()).containsExactly(0.5f, -1, 0.2f);
  }

  @Test
  void inputTokensAreEstimatedWhereTheEngineDoesNotSay() {
    RecordingSink sink = embedded("{\"data\":[{\"embedding\":[1]}]}");
    assertThat(sink.awaitCompletion().inputTokens()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{",
        "{\"data\":[]}",
        "{\"data\":[{\"embedding\":[]}]}",
        "{\"data\":[{\"embedding\":[1,\"2\"]}]}",
        "{\"data\":[{\"embedding\":[1,1e99]}]}",
        "{\"data\":[{\"embedding\":\"AAA\"}]}",
        "{\"data\":[{\"embedding\":\"AAAA\"}]}",
        "{\"data\":[{\"embedding\":\"?\"}]}",
        "{\"data\":[{\"index\":1,\"embedding\":[1]}]}",
        "{\"data\":[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}]}",
      })
  void whatIsNoAnswerBreaksTheProtocol(String body) {
    RecordingSink sink = embedded(body);
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Protocol.class);
    assertThat(sink.chunks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"501,MISCONFIGURED", "400,INVALID", "503,OVERLOADED", "404,MISCONFIGURED"})
  void aRefusalIsReadByItsStatus(int status, BackendFailure.Rejected.Kind kind) {
    Upstream upstream =
        upstream(
            call ->
                call.plain(
                    status,
                    "",
                    "{\"error\":{\"code\":%d,\"type\":\"not_supported_error\",\"message\":\"?\"}}"
                        .formatted(status)));
    RecordingSink sink = new RecordingSink();
    backend("llama.cpp", upstream).embed(embedding(0, "a text"), sink).request(1);
    assertThat(sink.awaitFailure())
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected -> {
              assertThat(rejected.kind()).isEqualTo(kind);
              assertThat(rejected.detail()).contains("not_supported_error");
            });
  }

  @Test
  void anAnswerThatIsCutOffBreaks() {
    Upstream upstream =
        upstream(
            call -> {
              call.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"data\":[");
              call.reset();
            });
    RecordingSink sink = new RecordingSink();
    backend("llama.cpp", upstream).embed(embedding(0, "a text"), sink).request(1);
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Broke.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"groq", "cerebras", "tensorrt-llm"})
  void enginesWithoutEmbeddingsSaySo(String preset) {
    Upstream upstream = upstream(OpenAiEmbeddingTest::answer);
    BackendSpec spec = spec(preset, upstream);
    assertThat(new OpenAiBackendFactory().tasks(spec)).containsExactly(Task.GENERATE);
    RecordingSink sink = new RecordingSink();
    backend(preset, upstream).embed(embedding(0, "a text"), sink).request(1);
    assertThat(sink.awaitFailure())
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected ->
                assertThat(rejected.kind()).isEqualTo(BackendFailure.Rejected.Kind.MISCONFIGURED));
    assertThat(upstream.requests.get()).isZero();
  }

  private RecordingSink embedded(String body) {
    Upstream upstream = upstream(call -> call.plain(200, "", body));
    RecordingSink sink = new RecordingSink();
    backend("llama.cpp", upstream).embed(embedding(0, "eleven char"), sink).request(1);
    return sink;
  }

  private Upstream upstream(Upstream.Script script) {
    Upstream upstream = new Upstream(script);
    own.add(upstream);
    return upstream;
  }

  private Backend backend(String preset, Upstream upstream) {
    Backend backend = new OpenAiBackendFactory().create(spec(preset, upstream));
    own.add(backend);
    return backend;
  }

  private static BackendSpec spec(String preset, Upstream upstream) {
    return new BackendSpec(
        "contract",
        "contract-model",
        null,
        Map.of(
            "base_url",
            upstream.url(),
            "preset",
            preset,
            "upstream_model",
            "theirs",
            "metrics",
            false));
  }
}
