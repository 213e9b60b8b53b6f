package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Prompt;
import dev.sluice.gateway.core.request.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's embeddings over real sockets, with backends that do what the test says. */
@Isolated("a pause would be taken for one of the gateway")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
final class HttpEmbeddingsTest {

  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final JsonMapper JSON = new JsonMapper();

  private GatewayFixtures world;
  private RawCaller caller;

  @BeforeEach
  void start() throws Exception {
    world = new GatewayFixtures(Task.EMBED);
    caller = new RawCaller(world.gateway.httpPort());
  }

  @AfterEach
  void stop() throws Exception {
    caller.close();
    world.awaitIdle();
    world.assertBooksBalance();
    world.close();
  }

  @Test
  void theAnswerIsAsOpenAiHasIt() throws Exception {
    caller.post(EMBEDDINGS, body("'input': ['one', 'two']"), "x-request-id", "mine-1");
    world.slow.nextEmbedding().answer(0.25f, 7);
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("x-request-id")).isEqualTo("mine-1");
    assertThat(answer.header("x-sluice-backend")).isEqualTo("slow");
    assertThat(answer.header("x-sluice-attempts")).isEqualTo("1");
    JsonNode body = JSON.readTree(answer.body());
    assertThat(body.at("/object").stringValue()).isEqualTo("list");
    assertThat(body.at("/model").stringValue()).isEqualTo(GatewayFixtures.MODEL);
    assertThat(body.at("/data")).hasSize(2);
    assertThat(body.at("/data/1/object").stringValue()).isEqualTo("embedding");
    assertThat(body.at("/data/1/index").intValue()).isEqualTo(1);
    assertThat(body.at("/data/1/embedding").toString()).isEqualTo("[2.25,3.25]");
    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(7);
    assertThat(body.at("/usage/total_tokens").intValue()).isEqualTo(7);
    assertThat(body.at("/sluice/backend").stringValue()).isEqualTo("slow");
    assertThat(body.at("/sluice/budget_met").booleanValue()).isTrue();
  }

  @Test
  void base64IsFloatsOfFourBytesTheLowestFirst() throws Exception {
    caller.post(EMBEDDINGS, body("'input': 'one', 'encoding_format': 'base64', 'dimensions': 2"));
    FakeBackend.Embedded asked = world.slow.nextEmbedding();
    assertThat(asked.embedding().dimensions()).isEqualTo(2);
    asked.answer(0.1f, 2);
    JsonNode body = JSON.readTree(caller.answer().body());
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(body.at("/data/0/embedding").stringValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.remaining()).isEqualTo(8);
    assertThat(bytes.getFloat()).isEqualTo(0.1f);
    assertThat(bytes.getFloat()).isEqualTo(1.1f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'one'            | 1 | Text[3 characters]",
        "['one', 'three'] | 2 | Text[5 characters]",
        "[1, 2, 3]        | 1 | TokenIds[3]",
        "[[1, 2], [3]]    | 2 | TokenIds[1]",
      },
      quoteCharacter = '`')
  void inputsComeInFourForms(String input, int count, String last) throws Exception {
    caller.post(EMBEDDINGS, body("'input': " + input));
    FakeBackend.Embedded asked = world.slow.nextEmbedding();
    assertThat(asked.embedding().inputs()).hasSize(count);
    Prompt.Input lastInput = asked.embedding().inputs().getLast();
    assertThat(lastInput).hasToString(last);
    asked.answer(1, 2);
    assertThat(JSON.readTree(caller.answer().body()).at("/data")).hasSize(count);
  }

  @Test
  void budgetsComeInFieldsAndHeaders() throws Exception {
    caller.post(
        EMBEDDINGS, body("'input': 'one', 'slo_e2e_ms': 900"), "x-llm-d-slo-ttft-ms", "500");
    FakeBackend.Embedded asked = world.slow.nextEmbedding();
    assertThat(asked.embedding().terms().totalNanos()).isBetween(1L, 500_000_000L);
    asked.answer(1, 2);
    assertThat(caller.answer().status()).isEqualTo(200);
  }

  @Test
  void anotherBackendAnswersInPlaceOfOneThatFails() throws Exception {
    caller.post(EMBEDDINGS, body("'input': 'one'"));
    world.slow.nextEmbedding().fail(new BackendFailure.NeverSent("connection refused"));
    world.fast.nextEmbedding().answer(1, 2);
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.header("x-sluice-backend")).isEqualTo("fast");
    assertThat(answer.header("x-sluice-attempts")).isEqualTo("2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'x': 1                                     | MALFORMED_REQUEST | input           | 400",
        "'input': ''                                | MALFORMED_REQUEST | input           | 400",
        "'input': []                                | MALFORMED_REQUEST | input           | 400",
        "'input': 5                                 | MALFORMED_REQUEST | input           | 400",
        "'input': {}                                | MALFORMED_REQUEST | input           | 400",
        "'input': ['one', '']                       | MALFORMED_REQUEST | input[1]        | 400",
        "'input': ['one', null]                     | MALFORMED_REQUEST | input[1]        | 400",
        "'input': [[]]                              | MALFORMED_REQUEST | input[0]        | 400",
        "'input': [1, -2]                           | MALFORMED_REQUEST | input[1]        | 400",
        "'input': [[1], [2.5]]                      | MALFORMED_REQUEST | input[1][0]     | 400",
        "'input': 'a', 'encoding_format': 'int8'    | MALFORMED_REQUEST | encoding_format | 400",
        "'input': 'a', 'encoding_format': 1         | MALFORMED_REQUEST | encoding_format | 400",
        "'input': 'a', 'dimensions': 0              | MALFORMED_REQUEST | dimensions      | 400",
        "'input': 'a', 'dimensions': '8'            | MALFORMED_REQUEST | dimensions      | 400",
        "'input': 'a', 'slo_e2e_ms': -1             | BUDGET_INVALID    | slo_e2e_ms      | 400",
        "'input': 'a', 'max_cost_usd': 0            | MALFORMED_REQUEST | max_cost_usd    | 400",
      })
  void whatIsNotWellFormedIsRefusedWithItsPlace(
      String fields, String code, String param, int status) throws Exception {
    caller.post(EMBEDDINGS, body(fields));
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    JsonNode error = JSON.readTree(answer.body()).at("/error");
    assertThat(error.at("/code").stringValue()).isEqualTo(code);
    assertThat(error.at("/param").stringValue()).isEqualTo(param);
    assertThat(error.at("/message").stringValue()).contains("expected");
    assertThat(world.slow.started).hasValue(0);
  }

  @Test
  void moreInputsThanOpenAiTakesAreRefused() throws Exception {
    caller.post(EMBEDDINGS, body("'input': [" + "'x',".repeat(2048) + "'x']"));
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("input: 2049 (expected: 1 to 2048)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/chat/completions", "/v1/completions"})
  void aModelThatEmbedsDoesNotGenerate(String path) throws Exception {
    caller.post(path, body("'prompt': 'a', 'messages': [{'role': 'user', 'content': 'a'}]"));
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isEqualTo(400);
    JsonNode error = JSON.readTree(answer.body()).at("/error");
    assertThat(error.at("/code").stringValue()).isEqualTo("UNSUPPORTED");
    assertThat(error.at("/param").stringValue()).isEqualTo("model");
  }

  @Test
  void anUnknownModelIsNotFound() throws Exception {
    caller.post(EMBEDDINGS, "{\"model\": \"gpt-9\", \"input\": \"a\"}");
    assertThat(caller.answer().status()).isEqualTo(404);
  }

  @Test
  void aLargeAnswerIsWhole() throws Exception {
    caller.post(EMBEDDINGS, body("'input': [" + "'x',".repeat(2047) + "'x']"));
    world.slow.nextEmbedding().answer(0.123456f, 2048);
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.whole()).isTrue();
    assertThat(JSON.readTree(answer.body()).at("/data")).hasSize(2048);
  }

  @Test
  void theListOfModelsSaysWhatTheModelCanDoNow() throws Exception {
    caller.send("GET /v1/models/big HTTP/1.1\r\nHost: h\r\n\r\n");
    JsonNode model = JSON.readTree(caller.answer().body());
    assertThat(model.at("/abilities").toString()).isEqualTo("[\"embed\"]");
    assertThat(model.at("/max_model_len").intValue()).isEqualTo(8192);
    assertThat(model.at("/usd_per_million_tokens/input/0").doubleValue()).isPositive();
    assertThat(model.at("/usd_per_million_tokens/output/1").doubleValue()).isZero();
    assertThat(model.at("/achievable/e2e_ms").doubleValue()).isPositive();
    assertThat(model.at("/achievable").has("ttft_ms")).isFalse();
  }

  /** A request with these further fields, quoted with apostrophes. */
  private static String body(String fields) {
    return ("{'model': '" + GatewayFixtures.MODEL + "', " + fields + "}").replace('\'', '"');
  }
}
