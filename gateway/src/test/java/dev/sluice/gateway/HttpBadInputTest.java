package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
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

/** What the HTTP front makes of requests that are not as they should be (faults F31 to F43). */
@Isolated("heavy input would slow other tests down")
@Timeout(120)
@SuppressWarnings("NullAway.Init") // JUnit sets the field
final class HttpBadInputTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final JsonMapper JSON = new JsonMapper();

  private GatewayFixtures world;

  @BeforeEach
  void start() throws Exception {
    world = new GatewayFixtures();
  }

  @AfterEach
  void stop() {
    // whatever came in, nothing was asked of a backend and every call is in the books
    assertThat(world.slow.started).hasValue(0);
    assertThat(world.fast.started).hasValue(0);
    world.assertBooksBalance();
    world.close();
  }

  /** Fields of a chat beside model and messages; the code and the parameter of the refusal. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'n': 2                                           | UNSUPPORTED       | n",
        "'n': 0                                           | MALFORMED_REQUEST | n",
        "'n': 1.5                                         | MALFORMED_REQUEST | n",
        "'best_of': 3                                     | UNSUPPORTED       | best_of",
        "'logprobs': true                                 | UNSUPPORTED       | logprobs",
        "'top_logprobs': 5                                | UNSUPPORTED       | top_logprobs",
        "'presence_penalty': 0.5                          | UNSUPPORTED       | presence_penalty",
        "'frequency_penalty': -1                          | UNSUPPORTED       | frequency_penalty",
        "'logit_bias': {'5': 1}                           | UNSUPPORTED       | logit_bias",
        "'echo': true                                     | UNSUPPORTED       | echo",
        "'tools': [{'type': 'function'}]                  | UNSUPPORTED       | tools",
        "'tools': 'all'                                   | MALFORMED_REQUEST | tools",
        "'tools': {}                                      | MALFORMED_REQUEST | tools",
        "'tools': [{}, 7]                                 | MALFORMED_REQUEST | tools[1]",
        "'tools': [{'a': 'x\\ud800'}]                      | MALFORMED_REQUEST | tools",
        "'tools': [{'a': [1e400]}]                        | MALFORMED_REQUEST | tools",
        "'tools': [{}], 'tool_choice': 7                  | MALFORMED_REQUEST | tool_choice",
        "'tools': [{}], 'parallel_tool_calls': 'yes'      | MALFORMED_REQUEST |"
            + " parallel_tool_calls",
        "'tool_choice': 'required'                        | MALFORMED_REQUEST | tool_choice",
        "'functions': [{'name': 'f'}]                     | UNSUPPORTED       | functions",
        "'function_call': {'name': 'f'}                   | UNSUPPORTED       | function_call",
        "'response_format': {'type': 'json_object'}       | UNSUPPORTED       | response_format",
        "'response_format': {'type': 'xml'}               | UNSUPPORTED       | response_format",
        "'response_format': {}                            | UNSUPPORTED       | response_format",
        "'response_format': 'json'                        | MALFORMED_REQUEST | response_format",
        "'response_format': {'type': 'json_schema'}       | MALFORMED_REQUEST |"
            + " response_format.json_schema",
        "'modalities': ['text', 'audio']                  | UNSUPPORTED       | modalities",
        "'guided_json': {'type': 'object'}                | UNSUPPORTED       | guided_json",
        "'max_tokens': 0                                  | MALFORMED_REQUEST | max_tokens",
        "'max_tokens': -1                                 | MALFORMED_REQUEST | max_tokens",
        "'max_tokens': 2147483648                         | MALFORMED_REQUEST | max_tokens",
        "'max_tokens': 1e400                              | MALFORMED_REQUEST | max_tokens",
        "'max_tokens': 1.5                                | MALFORMED_REQUEST | max_tokens",
        "'max_tokens': '16'                               | MALFORMED_REQUEST | max_tokens",
        "'max_tokens': 5, 'max_completion_tokens': 6      | MALFORMED_REQUEST | max_tokens",
        "'max_completion_tokens': 99999999999999999999999 | MALFORMED_REQUEST |"
            + " max_completion_tokens",
        "'temperature': 2.1                               | MALFORMED_REQUEST | temperature",
        "'temperature': 'hot'                             | MALFORMED_REQUEST | temperature",
        "'top_p': 0                                       | MALFORMED_REQUEST | top_p",
        "'seed': 1.5                                      | MALFORMED_REQUEST | seed",
        "'stop': ['']                                     | MALFORMED_REQUEST | stop",
        "'stop': [7]                                      | MALFORMED_REQUEST | stop",
        "'stream': 'yes'                                  | MALFORMED_REQUEST | stream",
        "'stream_options': {'include_usage': true}        | MALFORMED_REQUEST | stream_options",
        "'service_class': 'a b'                           | MALFORMED_REQUEST | service_class",
        "'regions': ['x\\ny']                             | MALFORMED_REQUEST | regions",
        "'max_cost_usd': 0                                | MALFORMED_REQUEST | max_cost_usd",
        "'resumption': 'perhaps'                          | MALFORMED_REQUEST | resumption",
        "'session': 'x y'                                 | MALFORMED_REQUEST | session",
        "'slo_ttft_ms': 0                                 | BUDGET_INVALID    | slo_ttft_ms",
        "'slo_ttft_ms': -1                                | BUDGET_INVALID    | slo_ttft_ms",
        "'slo_ttft_ms': 'NaN'                             | BUDGET_INVALID    | slo_ttft_ms",
        "'slo_tpot_ms': '5s'                              | BUDGET_INVALID    | slo_tpot_ms",
        "'slo_e2e_ms': 1e400                              | BUDGET_INVALID    | slo_e2e_ms",
        "'slo_e2e_ms': true                               | BUDGET_INVALID    | slo_e2e_ms",
      })
  void aFieldThatCannotBeHeededIsNamed(String fields, String code, String param) throws Exception {
    RawCaller.Answer answer = post(chat(fields));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    JsonNode error = JSON.readTree(answer.body()).at("/error");
    assertThat(error.at("/code").stringValue()).isEqualTo(code);
    assertThat(error.at("/param").stringValue()).isEqualTo(param);
    assertThat(error.at("/type").stringValue()).isEqualTo("invalid_request_error");
    assertThat(error.at("/message").stringValue()).contains("expected");
  }

  /** Messages of a chat, and the parameter of the refusal. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                                            | messages",
        "{}                                                            | messages",
        "'hi'                                                          | messages",
        "[7]                                                           | messages[0]",
        "[{'role': 'king', 'content': 'x'}]                            | messages[0].role",
        "[{'role': 'user'}]                                            | messages[0].content",
        "[{'role': 'user', 'content': null}]                           | messages[0].content",
        "[{'role': 'user', 'content': 5}]                              | messages[0].content",
        "[{'role': 'user', 'content': 'x\\ud800y'}]                    | messages[0].content",
        "[{'role': 'user', 'content': [{'type': 'image_url'}]}]        |"
            + " messages[0].content[0].type",
        "[{'role': 'user', 'content': [{'type': 'text'}]}]             |"
            + " messages[0].content[0].text",
        "[{'role': 'assistant', 'tool_calls': [{'id': 'x'}]}]          | tools",
        "[{'role': 'assistant', 'tool_calls': []}]                     | messages[0].content",
        "[{'role': 'assistant', 'tool_calls': {'id': 'x'}}]            | messages[0].tool_calls",
        "[{'role': 'assistant', 'tool_calls': ['x']}]                  |"
            + " messages[0].tool_calls[0]",
        "[{'role': 'user', 'tool_calls': [{'id': 'x'}]}]               | messages[0].tool_calls",
        "[{'role': 'tool', 'tool_call_id': 7, 'content': 'x'}]         |"
            + " messages[0].tool_call_id",
        "[{'role': 'tool', 'tool_call_id': 'x'}]                       | messages[0].content",
        "[{'role': 'tool', 'tool_call_id': 'x', 'content': 'y'}]       | tools",
      })
  void aMessageThatIsNotOneIsNamed(String messages, String param) throws Exception {
    RawCaller.Answer answer =
        post(quoted("{'model': '" + GatewayFixtures.MODEL + "', 'messages': " + messages + "}"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).at("/error/param").stringValue()).isEqualTo(param);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "''",
        "[]",
        "['a', 'b']",
        "[['a']]",
        "[1, -1]",
        "[1, 'a']",
        "[1.5]",
        "[2147483648]",
        "7",
        "null"
      })
  void aPromptThatIsNotOneIsRefused(String prompt) throws Exception {
    RawCaller.Answer answer =
        post(
            "/v1/completions",
            quoted("{'model': '" + GatewayFixtures.MODEL + "', 'prompt': " + prompt + "}"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(JSON.readTree(answer.body()).at("/error/param").stringValue()).startsWith("prompt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "{",
        "{'a': 1} x",
        "{'a': 1}{'a': 1}",
        "{'model': 'a', 'model': 'b'}",
        "{'x': {'y': 1, 'y': 2}}",
        "{'a': NaN}",
        "{'a': 01}",
        "{a: 1}",
        "/* */ {}",
        "{'model': 'a\nb'}",
        "{'x\\ud800': 1}",
        "\ufeff"
      })
  void whatIsNotOneDocumentOfJsonIsRefused(String body) throws Exception {
    RawCaller.Answer answer = post(quoted(body));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("MALFORMED_REQUEST");
  }

  @Test
  void bombsOfEveryKindAreRefusedAndTellNothingOfTheText() throws Exception {
    String depth = "{\"a\":".repeat(100_000);
    String tokens = "{\"a\":[" + "1,".repeat(300_000) + "1]}";
    String number = "{\"a\":" + "9".repeat(7_000_000) + "}";
    String text = "{\"a\":\"" + "x".repeat(5 << 20) + "\"}";
    String name = "{\"" + "x".repeat(100_000) + "\": 1}";
    for (String bomb : new String[] {depth, tokens, number, text, name, chat("'secret': Azul")}) {
      RawCaller.Answer answer = post(bomb);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).contains("MALFORMED_REQUEST").doesNotContain("Azul", "xxxxxxxxxxx");
    }
  }

  @Test
  void invalidUtf8IsMalformed() throws Exception {
    byte[] body = chat("'user': '##'").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < body.length; i++) {
      body[i] = body[i] == '#' ? (byte) 0xff : body[i];
    }
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.send(
          "POST "
              + CHAT
              + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: "
              + body.length
              + "\r\n\r\n");
      caller.send(body);
      assertThat(caller.answer().status()).isEqualTo(400);
    }
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedBeforeItIsRead() throws Exception {
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.send(head("Content-Length: 8388609\r\n"));
      RawCaller.Answer answer = caller.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).contains("MESSAGE_TOO_LARGE");
    }
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.send(head("Transfer-Encoding: chunked\r\n"));
      String chunk = "100000\r\n" + " ".repeat(1 << 20) + "\r\n";
      for (int i = 0; i < 8; i++) {
        caller.send(chunk);
      }
      caller.send("1\r\n \r\n");
      assertThat(caller.answer().status()).isEqualTo(413);
    }
  }

  @Test
  void aBodyInManySmallChunksIsReadWhole() throws Exception {
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.send(head("Transfer-Encoding: chunked\r\n"));
      String body = chat("").replace(GatewayFixtures.MODEL, "nobody");
      for (int i = 0; i < body.length(); i++) {
        caller.send("1\r\n" + body.charAt(i) + "\r\n");
      }
      caller.send("0\r\n\r\n");
      assertThat(caller.answer().status()).isEqualTo(404);
    }
  }

  /** Heads that two servers could read differently. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 5x\r\n",
        "Content-Length : 5\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
        "X: a\r\n continued\r\nContent-Length: 5\r\n",
        "X\u0000: a\r\n",
        "X: a\u0000b\r\n",
        ": a\r\n"
      })
  void aHeadThatCanBeReadInTwoWaysIsRefusedAndTheConnectionClosed(String headers) throws Exception {
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.send(head(headers) + "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(caller.answer().status()).isBetween(400, 501);
      assertThat(caller.isClosedByServer()).isTrue();
    }
  }

  /** Chunks that two servers could read differently. */
  @ParameterizedTest
  @ValueSource(
      strings = {"x\r\n", "-1\r\n", "5 5\r\nabcde\r\n", "0x5\r\nabcde\r\n", "ffffffffffffffff\r\n"})
  void aChunkThatIsNotOneBreaksTheConnectionOff(String chunk) throws Exception {
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.send(head("Transfer-Encoding: chunked\r\n") + chunk + "0\r\n\r\n");
      try {
        assertThat(caller.answer().status()).isBetween(400, 499);
      } catch (IOException closedAtOnce) {
        // as good
      }
      assertThat(caller.isClosedByServer()).isTrue();
    }
  }

  @Test
  void headersThatAreTooLargeAreRefused() throws Exception {
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.send(head("X: " + "a".repeat(20_000) + "\r\nContent-Length: 2\r\n"));
      RawCaller.Answer answer = caller.answer();
      assertThat(answer.status()).isEqualTo(431);
      assertThat(answer.body()).contains("METADATA_TOO_LARGE");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x-slo-ttft-ms, 0",
    "x-llm-d-slo-tpot-ms, NaN",
    "x-slo-e2e-ms, soon",
    "x-request-id, a b",
    "x-session-id, a;b",
    "x-llm-d-inference-fairness-id, a b",
    "content-type, text/plain",
    "content-encoding, gzip"
  })
  void aMalformedHeaderIsRefused(String name, String value) throws Exception {
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      String type = name.equals("content-type") ? "" : "Content-Type: application/json\r\n";
      String body = chat("");
      caller.send(
          "POST " + CHAT + " HTTP/1.1\r\nHost: h\r\n" + type + name + ": " + value + "\r\n");
      caller.send("Content-Length: " + body.length() + "\r\n\r\n" + body);
      RawCaller.Answer answer = caller.answer();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(JSON.readTree(answer.body()).at("/error/param").stringValue()).isEqualTo(name);
    }
  }

  @Test
  void headersThatContradictEachOtherAreRefused() throws Exception {
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.post(CHAT, chat(""), "x-llm-d-slo-ttft-ms", "300", "x-slo-ttft-ms", "400");
      assertThat(caller.answer().body()).contains("BUDGET_INVALID").contains("contradicts");
    }
  }

  /** Neither the host nor the form of the path nor a field says where the gateway asks. */
  @Test
  void whereToAskIsNotTheCallersToSay() throws Exception {
    String body =
        chat("'api_base': 'http://h:1', 'base_url': 'http://h:1'")
            .replace(GatewayFixtures.MODEL, "nobody");
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.post(CHAT, body, "X-Target", "http://169.254.169.254/");
      assertThat(caller.answer().status()).isEqualTo(404);
      caller.send(
          "POST http://elsewhere/v1/chat/completions HTTP/1.1\r\nHost: elsewhere\r\n"
              + "Content-Type: application/json\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      assertThat(caller.answer().body()).contains("MODEL_NOT_FOUND");
    }
  }

  @Test
  void aHundredThousandMessagesAreTooMany() throws Exception {
    StringBuilder messages = new StringBuilder("[");
    for (int i = 0; i < 100_000; i++) {
      messages.append(i == 0 ? "" : ",").append("{\"role\":\"user\",\"content\":\"x\"}");
    }
    RawCaller.Answer answer =
        post("{\"model\":\"" + GatewayFixtures.MODEL + "\",\"messages\":" + messages + "]}");
    assertThat(answer.status()).isEqualTo(400);
  }

  /** Bytes of a good request, some of them changed: never a failure of the gateway's own. */
  @Test
  void requestsWithWrongBytesNeverMakeTheGatewayFail() throws Exception {
    SplittableRandom random = new SplittableRandom(11);
    String good =
        chat("'stream': true, 'max_tokens': 5, 'slo_ttft_ms': 9, 'n': 1")
            .replace("hello", "hé")
            .replace(GatewayFixtures.MODEL, "nobody");
    for (int i = 0; i < 300; i++) {
      byte[] body = good.getBytes(StandardCharsets.UTF_8);
      for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
        caller.send(head("Content-Length: " + body.length + "\r\n"));
        caller.send(body);
        RawCaller.Answer answer = caller.answer();
        assertThat(answer.status()).isBetween(400, 431);
        assertThat(JSON.readTree(answer.body()).at("/error/code").isString()).isTrue();
      }
    }
  }

  // ---- helpers

  private RawCaller.Answer post(String body) throws IOException {
    return post(CHAT, body);
  }

  private RawCaller.Answer post(String path, String body) throws IOException {
    try (RawCaller caller = new RawCaller(world.gateway.httpPort())) {
      caller.post(path, body);
      return caller.answer();
    }
  }

  private static String head(String headers) {
    return "POST "
        + CHAT
        + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
        + headers
        + "\r\n";
  }

  private static String chat(String fields) {
    return quoted(
        "{'model': '"
            + GatewayFixtures.MODEL
            + "', 'messages': [{'role': 'user', 'content': 'hello'}]"
            + (fields.isEmpty() ? "" : ", " + fields)
            + "}");
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }
}
