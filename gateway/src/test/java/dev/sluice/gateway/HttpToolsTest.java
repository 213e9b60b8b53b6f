package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Ability;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenChunk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Chats that ask for more than words, over real sockets: tools and answers of a given form. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test opens the world first
final class HttpToolsTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final JsonMapper JSON = new JsonMapper();

  private static final String TOOLS =
      "'tools': [{'type': 'function', 'function': {'name': 'weather', 'strict': true}}]";

  private static final String FIRST_PIECE =
      "'tool_calls':[{'index':0,'id':'c1','type':'function','function':{'name':'weather','arguments':''}}]";

  private GatewayFixtures world;
  private RawCaller caller;

  private void open(Ability... ofSlow) throws Exception {
    open(Continuation.NONE, ofSlow, new Ability[] {});
  }

  private void open(Continuation continuation, Ability[] ofSlow, Ability[] ofFast)
      throws Exception {
    world =
        new GatewayFixtures(
            GatewayFixtures.skills(continuation, ofSlow),
            GatewayFixtures.skills(continuation, ofFast));
    caller = new RawCaller(world.gateway.httpPort());
  }

  @AfterEach
  void stop() throws Exception {
    caller.close();
    world.assertBooksBalance();
    world.close();
  }

  // ---- what is asked

  @Test
  void theListOfModelsTellsWhatCanBeAskedFor() throws Exception {
    open(Ability.TOOLS, Ability.JSON_SCHEMA);
    caller.send("GET /v1/models/big HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(JSON.readTree(caller.answer().body()).get("abilities").toString())
        .isEqualTo("[\"generate\",\"tools\",\"json_schema\"]");
  }

  @Test
  void toolsAndMessagesOfToolsReachTheBackendAsTheyWereSaid() throws Exception {
    open(Ability.TOOLS);
    caller.post(
        CHAT,
        body(
            "'messages': [{'role': 'user', 'content': 'hi'}, {'role': 'assistant', 'content': null,"
                + " 'refusal': null, 'tool_calls': [{'id': 'c0', 'type': 'function', 'function':"
                + " {'name': 'é', 'arguments': '{}'}}]}, {'role': 'tool', 'tool_call_id': 'c0',"
                + " 'content': '9'}], "
                + TOOLS
                + ", 'tool_choice': {'type': 'function', 'function': {'name': 'weather'}},"
                + " 'parallel_tool_calls': false"));
    FakeBackend.Call call = world.slow.next();
    Prompt.Chat chat = (Prompt.Chat) call.generation.prompt();
    assertThat(chat.verbatim())
        .isEqualTo(
            quoted(
                TOOLS.replace(" ", "")
                    + ",'tool_choice':{'type':'function','function':{'name':'weather'}},"
                    + "'parallel_tool_calls':false"));
    assertThat(chat.messages())
        .containsExactly(
            new Prompt.Message("user", "hi"),
            new Prompt.Message(
                "assistant",
                "",
                quoted(
                    "'tool_calls':[{'id':'c0','type':'function','function':{'name':'é','arguments':'{}'}}]")),
            new Prompt.Message("tool", "9", quoted("'tool_call_id':'c0'")));
    call.answer(1);
    assertThat(caller.answer().status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'tools': [], 'tool_choice': 'none', 'response_format': {'type': 'text'}",
        "'tools': null, 'tool_choice': 'auto', 'parallel_tool_calls': true",
        "'response_format': null, 'functions': []"
      })
  void whatAsksForNothingGoesToAnybody(String fields) throws Exception {
    open();
    caller.post(CHAT, chat(fields));
    FakeBackend.Call call = world.slow.next();
    assertThat(((Prompt.Chat) call.generation.prompt()).isMoreThanWords()).isFalse();
    call.answer(1);
    assertThat(caller.answer().status()).isEqualTo(200);
  }

  @Test
  void onlyWhoCanDoItIsAsked() throws Exception {
    Ability[] all = {Ability.TOOLS, Ability.JSON_SCHEMA};
    // otherwise the slow one, which is cheaper, is asked
    open(Continuation.NONE, new Ability[] {Ability.TOOLS}, all);
    String schema = "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'x'}}";
    caller.post(CHAT, chat(schema));
    world.fast.next().answer(1);
    assertThat(caller.answer().header("x-sluice-backend")).isEqualTo("fast");
    caller.post(CHAT, chat(TOOLS));
    world.slow.next().answer(1);
    assertThat(caller.answer().header("x-sluice-backend")).isEqualTo("slow");
    caller.post(CHAT, chat(TOOLS + ", " + schema));
    world.fast.next().answer(1);
    assertThat(caller.answer().header("x-sluice-backend")).isEqualTo("fast");
  }

  @Test
  void whatNoBackendOfTheModelCanDoIsRefusedByItsName() throws Exception {
    open(Ability.TOOLS);
    caller.post(CHAT, chat("'response_format': {'type': 'json_object'}"));
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    JsonNode error = JSON.readTree(answer.body()).at("/error");
    assertThat(error.at("/code").stringValue()).isEqualTo("UNSUPPORTED");
    assertThat(error.at("/param").stringValue()).isEqualTo("response_format");
    assertThat(error.at("/message").stringValue()).contains(GatewayFixtures.MODEL);
  }

  @Test
  void whoCouldDoItAndIsAwayIsNoReasonToCallItUnsupported() throws Exception {
    open(Ability.TOOLS);
    world.slow.refusing = true;
    caller.post(CHAT, chat(TOOLS));
    assertThat(caller.answer().body()).contains("BACKEND_UNREACHABLE");
    caller.post(CHAT, chat(TOOLS));
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("NO_BACKEND_AVAILABLE", "ABILITY=1");
    assertThat(world.fast.started).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'tools': [{'type': 'function'}]",
        "'tool_choice': 'required'",
        "'response_format': {'type': 'json_object'}"
      })
  void aCompletionOfTextHasNeitherToolsNorAForm(String fields) throws Exception {
    open(Ability.TOOLS, Ability.JSON_OBJECT);
    caller.post("/v1/completions", body("'prompt': 'x', " + fields));
    JsonNode error = JSON.readTree(caller.answer().body()).at("/error");
    assertThat(error.at("/code").stringValue()).isEqualTo("UNSUPPORTED");
    assertThat(fields).startsWith("'" + error.at("/param").stringValue() + "'");
  }

  // ---- what is answered

  @Test
  void piecesOfACallAreEventsOfAStreamAsTheyCome() throws Exception {
    open(Ability.TOOLS);
    caller.post(CHAT, chat(TOOLS + ", 'stream': true, 'stream_options': {'include_usage': true}"));
    FakeBackend.Call call = world.slow.next();
    call.token(0, "Let me see. ");
    call.chunk(pieces(1, 3, FIRST_PIECE, piece(0, "{'city':")));
    assertThat(caller.head().status()).isEqualTo(200);
    StringBuilder early = new StringBuilder();
    while (early.indexOf("city") < 0) { // before the answer is over
      early.append(new String(caller.chunk(), java.nio.charset.StandardCharsets.UTF_8));
    }
    call.chunk(pieces(4, 2, piece(0, "'Rabat'}")));
    call.finish(6, Completion.Reason.TOOL_CALLS);
    List<JsonNode> events = events(early + caller.rest());
    assertThat(events.get(1).at("/choices/0/delta/content").stringValue())
        .isEqualTo("Let me see. ");
    assertThat(events.get(2).at("/choices/0/delta").toString()).isEqualTo(object(FIRST_PIECE));
    assertThat(events.get(3).at("/choices/0/delta").toString())
        .isEqualTo("{" + piece(0, "{'city':") + "}");
    assertThat(events.get(4).at("/choices/0/delta/tool_calls/0/index").intValue()).isZero();
    assertThat(events.get(5).at("/choices/0/finish_reason").stringValue()).isEqualTo("tool_calls");
    assertThat(events.get(6).at("/usage/completion_tokens").intValue()).isEqualTo(6);
    assertThat(events).hasSize(7);
  }

  @Test
  void anAnswerInOnePieceHoldsWholeCalls() throws Exception {
    open(Ability.TOOLS);
    caller.post(CHAT, chat(TOOLS));
    FakeBackend.Call call = world.slow.next();
    String second = FIRST_PIECE.replace("'index':0", "'index':1").replace("c1", "c2");
    call.chunk(pieces(0, 2, FIRST_PIECE, piece(0, "{'city':'Raba")));
    call.chunk(pieces(2, 1, piece(0, "t'}"), second));
    // what names a call may be said again
    call.chunk(
        pieces(3, 1, second.replace("'arguments':''", "'arguments':'{}'").replace("weather", "")));
    call.finish(4, Completion.Reason.TOOL_CALLS);
    JsonNode body = JSON.readTree(caller.answer().body());
    JsonNode message = body.at("/choices/0/message");
    assertThat(message.at("/content").isNull()).isTrue();
    assertThat(message.at("/refusal").isNull()).isTrue();
    assertThat(message.at("/tool_calls").toString())
        .isEqualTo(
            quoted("[{'id':'c1','type':'function','function':{'name':'weather','arguments':")
                + "\"{\\\"city\\\":\\\"Rabat\\\"}\"}},"
                + quoted(
                    "{'id':'c2','type':'function','function':{'name':'weather','arguments':'{}'}}]"));
    assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("tool_calls");
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(4);
  }

  @Test
  void aRefusalIsNoContent() throws Exception {
    open(Ability.JSON_OBJECT);
    for (boolean stream : new boolean[] {false, true}) {
      caller.post(CHAT, chat("'response_format': {'type': 'json_object'}, 'stream': " + stream));
      FakeBackend.Call call = world.slow.next();
      call.chunk(pieces(0, 1, "'refusal':'I can'"));
      call.chunk(pieces(1, 1, "'refusal':'not.'"));
      call.finish(2, Completion.Reason.STOP);
      if (stream) {
        List<JsonNode> events = events(caller.answer().body());
        assertThat(events.get(1).at("/choices/0/delta/refusal").stringValue()).isEqualTo("I can");
        assertThat(events.get(2).at("/choices/0/delta/content").isMissingNode()).isTrue();
      } else {
        JsonNode message = JSON.readTree(caller.answer().body()).at("/choices/0/message");
        assertThat(message.at("/refusal").stringValue()).isEqualTo("I cannot.");
        assertThat(message.at("/content").isNull()).isTrue();
      }
    }
  }

  // ---- faults

  @Test
  void anAnswerThatBreaksOffIsNeverGoneOnWith() throws Exception {
    Ability[] all = {Ability.TOOLS, Ability.JSON_SCHEMA};
    open(Continuation.EXACT, all, all);
    for (String asked :
        new String[] {
          TOOLS, "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'x'}}"
        }) {
      caller.post(CHAT, chat(asked + ", 'stream': true, 'resumption': 'exact'"));
      FakeBackend.Call call = world.slow.next();
      call.token(0, "{");
      call.chunk(pieces(1, 2, FIRST_PIECE));
      call.fail(new BackendFailure.Broke("connection reset"));
      RawCaller.Answer answer = caller.answer();
      assertThat(answer.whole()).isFalse();
      assertThat(answer.body())
          .contains("STREAM_INTERRUPTED", "\"tokens_delivered\":3")
          .doesNotContain("[DONE]", "finish_reason\":\"");
      caller.close();
      caller = new RawCaller(world.gateway.httpPort());
    }
    assertThat(world.fast.started).hasValue(0);
  }

  @Test
  void beforeTheFirstTokenAnotherOneThatCanIsAsked() throws Exception {
    open(Continuation.NONE, new Ability[] {Ability.TOOLS}, new Ability[] {Ability.TOOLS});
    caller.post(CHAT, chat(TOOLS));
    world.slow.next().fail(new BackendFailure.Broke("connection reset"));
    FakeBackend.Call second = world.fast.next();
    assertThat(((Prompt.Chat) second.generation.prompt()).verbatim()).contains("weather");
    second.answer(1);
    assertThat(caller.answer().header("x-sluice-attempts")).isEqualTo("2");
  }

  // ---- arrangements

  private static TokenChunk pieces(int index, int count, String... deltas) {
    List<String> quoted = new ArrayList<>();
    for (String delta : deltas) {
      quoted.add(delta.startsWith("\"") ? delta : quoted(delta));
    }
    return TokenChunk.ofPieces(index, count, List.of(), quoted);
  }

  /** A piece of the arguments of a call, which are JSON within JSON. */
  private static String piece(int index, String arguments) {
    return quoted("'tool_calls':[{'index':" + index + ",'function':{'arguments':")
        + "\""
        + quoted(arguments).replace("\"", "\\\"")
        + "\"}}]";
  }

  private static String object(String members) {
    return "{" + quoted(members) + "}";
  }

  private static String chat(String fields) {
    return body(
        "'messages': [{'role': 'user', 'content': 'hello'}]"
            + (fields.isEmpty() ? "" : ", " + fields));
  }

  private static String body(String fields) {
    return quoted("{'model': '" + GatewayFixtures.MODEL + "', " + fields + "}");
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }

  private static List<JsonNode> events(String body) {
    List<JsonNode> events = new ArrayList<>();
    for (String event : body.strip().split("\n\n", -1)) {
      assertThat(event).startsWith("data: ").doesNotContain("\n");
      if (!event.endsWith("[DONE]")) {
        events.add(JSON.readTree(event.substring("data: ".length())));
      }
    }
    return events;
  }
}
