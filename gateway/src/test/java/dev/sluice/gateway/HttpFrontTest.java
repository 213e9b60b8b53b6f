package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenChunk;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** OpenAI's API over real sockets, with backends that do what the test says. */
@Isolated("a pause would be taken for one of the gateway")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
final class HttpFrontTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final JsonMapper JSON = new JsonMapper();

  private GatewayFixtures world;
  private RawCaller caller;

  @BeforeEach
  void start() throws Exception {
    world = new GatewayFixtures();
    caller = new RawCaller(world.gateway.httpPort());
  }

  @AfterEach
  void stop() throws Exception {
    caller.close();
    awaitIdle();
    world.assertBooksBalance();
    world.close();
  }

  // ---- answers

  @Test
  void anAnswerInOnePieceIsAsOpenAiHasIt() throws Exception {
    caller.post(CHAT, chat("'slo_tpot_ms': 40"), "x-request-id", "mine-1");
    world.slow.next().answer(3);
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    JsonNode body = JSON.readTree(answer.body());
    assertThat(body.at("/id").stringValue()).isEqualTo("chatcmpl-mine-1");
    assertThat(body.at("/object").stringValue()).isEqualTo("chat.completion");
    assertThat(body.at("/model").stringValue()).isEqualTo(GatewayFixtures.MODEL);
    assertThat(body.at("/created").longValue()).isGreaterThan(1_700_000_000L);
    assertThat(body.at("/choices/0/message/role").stringValue()).isEqualTo("assistant");
    assertThat(body.at("/choices/0/message/content").stringValue()).isEqualTo("t0 t1 t2 ");
    assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(3);
    assertThat(body.at("/usage/total_tokens").intValue()).isEqualTo(6);
    assertThat(body.at("/sluice/budget_met").booleanValue()).isTrue();
    assertThat(world.gateway.ledger().deliveredTokens()).isEqualTo(3);
  }

  @Test
  void theHeadersTellWhoServedAndWhatWasExpected() throws Exception {
    caller.post(CHAT, chat("'slo_tpot_ms': 40"), "x-request-id", "mine-2");
    world.slow.next().answer(1);
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.header("x-request-id")).isEqualTo("mine-2");
    assertThat(answer.header("x-sluice-backend")).isEqualTo("slow");
    assertThat(answer.header("x-sluice-accelerator")).isEqualTo("GPU");
    assertThat(answer.header("x-sluice-region")).isEqualTo("eu");
    assertThat(answer.header("x-sluice-attempts")).isEqualTo("1");
    assertThat(millis(answer, "forecast-ttft")).isPositive();
    assertThat(millis(answer, "forecast-ttft-p90") / millis(answer, "forecast-ttft"))
        .as("nothing was learned yet: of a spread of 0.3")
        .isCloseTo(1.47, within(0.03));
    assertThat(millis(answer, "forecast-tpot-p90") / millis(answer, "forecast-tpot"))
        .isCloseTo(1.47, within(0.03));
    assertThat(Double.parseDouble(answer.header("x-sluice-overhead-ms"))).isBetween(0.0, 5000.0);
    assertThat(answer.headers()).doesNotContainKey("server");
  }

  @Test
  void aStreamIsRoleTextEndAndDone() throws Exception {
    caller.post(CHAT, chat("'stream': true"));
    world.slow.next().answer(2);
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.header("content-type")).startsWith("text/event-stream");
    List<String> events = events(answer.body());
    assertThat(events).hasSize(5).last().isEqualTo("[DONE]");
    assertThat(JSON.readTree(events.get(0)).at("/choices/0/delta/role").stringValue())
        .isEqualTo("assistant");
    assertThat(JSON.readTree(events.get(1)).at("/choices/0/delta/content").stringValue())
        .isEqualTo("t0 ");
    JsonNode last = JSON.readTree(events.get(3));
    assertThat(last.at("/object").stringValue()).isEqualTo("chat.completion.chunk");
    assertThat(last.at("/choices/0/finish_reason").stringValue()).isEqualTo("stop");
    assertThat(last.at("/choices/0/delta").isEmpty()).isTrue();
    assertThat(last.at("/sluice/attempts").intValue()).isEqualTo(1);
    assertThat(answer.whole()).isTrue();
  }

  @Test
  void piecesThatCameTogetherAreAnEventEachAsTheEngineGaveThem() throws Exception {
    caller.post(CHAT, chat("'stream': true"));
    FakeBackend.Call call = world.slow.next();
    call.chunk(TokenChunk.ofPieces(0, 3, List.of("a ", "b ", "c"), List.of()));
    call.finish(3);
    List<String> events = events(caller.answer().body());
    List<String> contents = new ArrayList<>();
    for (String event : events.subList(1, 4)) {
      contents.add(JSON.readTree(event).at("/choices/0/delta/content").stringValue());
    }
    assertThat(contents).containsExactly("a ", "b ", "c");
    caller.post(CHAT, chat("'stream': false"));
    call = world.slow.next();
    call.chunk(TokenChunk.ofPieces(0, 3, List.of("a ", "b ", "c"), List.of()));
    call.finish(3);
    assertThat(JSON.readTree(caller.answer().body()).at("/choices/0/message/content").stringValue())
        .isEqualTo("a b c");
  }

  @Test
  void theUsageIsAnEventOfItsOwnForWhoAsksForIt() throws Exception {
    caller.post(CHAT, chat("'stream': true, 'stream_options': {'include_usage': true}"));
    world.slow.next().answer(2);
    List<String> events = events(caller.answer().body());
    assertThat(JSON.readTree(events.get(1)).at("/usage").isNull()).isTrue();
    JsonNode usage = JSON.readTree(events.get(4));
    assertThat(usage.at("/choices").isEmpty()).isTrue();
    assertThat(usage.at("/usage/completion_tokens").intValue()).isEqualTo(2);
    assertThat(events.getLast()).isEqualTo("[DONE]");
  }

  @Test
  void aTextCompletionHasItsOwnForm() throws Exception {
    caller.post("/v1/completions", body("'prompt': ['hi'], 'stop': 'x', 'seed': 7"));
    FakeBackend.Call call = world.slow.next();
    assertThat(call.generation.prompt()).isEqualTo(new Prompt.Text("hi"));
    assertThat(call.generation.sampling().seed()).isEqualTo(7);
    assertThat(call.generation.sampling().stop()).containsExactly("x");
    call.answer(2);
    JsonNode body = JSON.readTree(caller.answer().body());
    assertThat(body.at("/id").stringValue()).startsWith("cmpl-");
    assertThat(body.at("/object").stringValue()).isEqualTo("text_completion");
    assertThat(body.at("/choices/0/text").stringValue()).isEqualTo("t0 t1 ");
    caller.post("/v1/completions", body("'prompt': 'hi', 'stream': true"));
    world.slow.next().answer(1);
    List<String> events = events(caller.answer().body());
    assertThat(JSON.readTree(events.get(0)).at("/choices/0/text").stringValue()).isEqualTo("t0 ");
    assertThat(events).hasSize(3);
  }

  @Test
  void tokensThatCameEncodedReadTheSame() throws Exception {
    caller.post(CHAT, chat("'stream': true"));
    FakeBackend.Call call = world.slow.next();
    byte[] wire =
        GenerateResponse.newBuilder()
            .setTokens(Tokens.newBuilder().setCount(1).setText("über \"π\"\n"))
            .build()
            .toByteArray();
    call.chunk(TokenChunk.ofWire(0, 1, wire));
    call.finish(1);
    List<String> events = events(caller.answer().body());
    assertThat(JSON.readTree(events.get(1)).at("/choices/0/delta/content").stringValue())
        .isEqualTo("über \"π\"\n");
  }

  @Test
  void noTextOfATokenCanSplitAnEventOrAHeader() throws Exception {
    String nasty = "a\r\n\r\ndata: [DONE]\n\n\u0000\u2028\u2029\u0085\ud83d\ude00\ud800x\udc00";
    caller.post(CHAT, chat("'stream': true"));
    FakeBackend.Call call = world.slow.next();
    call.token(0, nasty);
    call.finish(1);
    RawCaller.Answer answer = caller.answer();
    List<String> events = events(answer.body());
    assertThat(events).hasSize(4);
    assertThat(answer.body().lines().filter(line -> !line.isEmpty()))
        .allMatch(line -> line.startsWith("data: "))
        .hasSize(4);
    assertThat(answer.body()).doesNotContain("\u2028", "\u2029", "\u0085");
    assertThat(JSON.readTree(events.get(1)).at("/choices/0/delta/content").stringValue())
        .isEqualTo(nasty.replace("\ud800x\udc00", "\ufffdx\ufffd"));
  }

  @Test
  void aBudgetInTheHeadersCountsLikeOneInTheBody() throws Exception {
    caller.post(CHAT, chat(""), "x-llm-d-slo-tpot-ms", "5");
    world.fast.next().answer(1);
    assertThat(caller.answer().header("x-sluice-accelerator")).isEqualTo("LPU");
  }

  @Test
  void aConnectionIsUsedAgainAndRequestsThatComeEarlyAreAnsweredInTurn() throws Exception {
    caller.post(CHAT, chat("'slo_tpot_ms': 40"));
    caller.post(CHAT, chat("'slo_tpot_ms': 5"));
    FakeBackend.Call first = world.slow.next();
    assertThat(world.fast.calls.poll(100, TimeUnit.MILLISECONDS)).isNull();
    first.answer(1);
    assertThat(caller.answer().header("x-sluice-backend")).isEqualTo("slow");
    world.fast.next().answer(1);
    assertThat(caller.answer().header("x-sluice-backend")).isEqualTo("fast");
    caller.post(CHAT, chat("'slo_tpot_ms': 40"));
    world.slow.next().answer(1);
    assertThat(caller.answer().status()).isEqualTo(200);
  }

  // ---- what goes wrong

  @Test
  void anAnswerThatBreaksOffEndsWithAnErrorAndIsNeverASuccess() throws Exception {
    caller.post(CHAT, chat("'stream': true"));
    FakeBackend.Call call = world.slow.next();
    call.token(0, "a");
    call.token(1, "b");
    call.fail(new BackendFailure.Broke("connection reset"));
    RawCaller.Answer answer = caller.answer();
    List<String> events = events(answer.body());
    JsonNode error = JSON.readTree(events.getLast());
    assertThat(error.at("/error/code").stringValue()).isEqualTo("STREAM_INTERRUPTED");
    assertThat(error.at("/error/tokens_delivered").intValue()).isEqualTo(2);
    assertThat(answer.body()).doesNotContain("[DONE]").doesNotContain("\"finish_reason\":\"");
    assertThat(answer.whole()).as("the body ended regularly").isFalse();
    assertThat(caller.isClosedByServer()).isTrue();
  }

  @Test
  void anAnswerInOnePieceThatBreaksOffIsAnError() throws Exception {
    caller.post(CHAT, chat(""));
    FakeBackend.Call call = world.slow.next();
    call.token(0, "a");
    call.fail(new BackendFailure.Broke("connection reset"));
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.header("x-should-retry")).isEqualTo("true");
    assertThat(JSON.readTree(answer.body()).at("/error/code").stringValue())
        .isEqualTo("STREAM_INTERRUPTED");
  }

  @Test
  void whatFailsBeforeTheFirstTokenOfAStreamHasItsOwnStatus() throws Exception {
    world.slow.refusing = true;
    world.fast.refusing = true;
    caller.post(CHAT, chat("'stream': true"));
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isBetween(502, 503);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
  }

  @Test
  void aBackendThatCannotBeReachedIsReplacedAndTheHeadersNameTheOther() throws Exception {
    world.slow.refusing = true;
    caller.post(CHAT, chat("'stream': true, 'slo_tpot_ms': 40"));
    world.fast.next().answer(1);
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.header("x-sluice-backend")).isEqualTo("fast");
    assertThat(answer.header("x-sluice-attempts")).isEqualTo("2");
  }

  @Test
  void aRefusalForTheBudgetTellsWhatCouldBeMetAndAsksNotToRetry() throws Exception {
    caller.post(CHAT, chat("'slo_tpot_ms': 1"));
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(answer.header("x-llm-d-request-dropped-reason"))
        .isEqualTo("rejected-slo-infeasible");
    JsonNode error = JSON.readTree(answer.body()).at("/error");
    assertThat(error.at("/code").stringValue()).isEqualTo("BUDGET_BELOW_FLOOR");
    assertThat(error.has("achievable_tpot_ms")).isTrue();
  }

  @Test
  void anUnknownModelIsNotFound() throws Exception {
    caller.post(CHAT, chat("").replace(GatewayFixtures.MODEL, "gpt-9"));
    RawCaller.Answer answer = caller.answer();
    assertThat(answer.status()).isEqualTo(404);
    JsonNode error = JSON.readTree(answer.body()).at("/error");
    assertThat(error.at("/code").stringValue()).isEqualTo("MODEL_NOT_FOUND");
    assertThat(error.at("/param").stringValue()).isEqualTo("model");
  }

  // ---- callers who leave, or do not read

  /** The median of five, so that a pause of the machine is not taken for one of the gateway. */
  @Test
  void aCallerWhoLeavesBeforeTheFirstTokenStopsTheBackendWithin100Milliseconds() throws Exception {
    long[] tookNanos = new long[5];
    for (int i = 0; i < tookNanos.length; i++) {
      RawCaller leaving = new RawCaller(world.gateway.httpPort());
      leaving.post(CHAT, chat("'stream': " + (i % 2 == 0)));
      FakeBackend.Call call = world.slow.next();
      long leftNanos = System.nanoTime();
      leaving.close();
      assertThat(call.awaitCancelled()).isTrue();
      tookNanos[i] = System.nanoTime() - leftNanos;
    }
    Arrays.sort(tookNanos);
    assertThat(tookNanos[tookNanos.length / 2]).isLessThan(100_000_000L);
    awaitIdle();
    assertThat(world.gateway.ledger().cancelled()).isEqualTo(tookNanos.length);
  }

  @Test
  void aCallerWhoLeavesInTheMiddleStopsTheBackend() throws Exception {
    caller.post(CHAT, chat("'stream': true"));
    FakeBackend.Call call = world.slow.next();
    call.token(0, "a");
    caller.head();
    caller.close();
    assertThat(call.awaitCancelled()).isTrue();
  }

  @Test
  void aReaderThatStopsReadingStopsThePulling() throws Exception {
    RawCaller slow = new RawCaller(world.gateway.httpPort(), 4096);
    slow.post(CHAT, chat("'stream': true"));
    FakeBackend.Call backend = world.slow.next();
    String kilobyte = "x".repeat(1024);
    int index = 0;
    while (backend.unasked() == 0 && index < 2000) {
      backend.token(index++, kilobyte);
    }
    assertThat(index).as("kilobytes that left the backend").isLessThan(400);
    int tokens = index;
    Thread end = Thread.ofPlatform().start(() -> finish(backend, tokens));
    RawCaller.Answer answer = slow.answer();
    end.join();
    assertThat(events(answer.body())).hasSize(tokens + 3);
    assertThat(world.gateway.ledger().deliveredTokens()).isEqualTo(index);
    slow.close();
  }

  private static void finish(FakeBackend.Call backend, int tokens) {
    try {
      backend.finish(tokens);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Nagle's algorithm would keep the second of two small writes until the first is acknowledged,
   * which a caller who has been answering quickly puts off for 40 ms. So each round begins with
   * some quick questions. The median counts, so that pauses of the machine do not.
   */
  @Test
  void noEventWaitsForAnAcknowledgement() throws Exception {
    long[] tookNanos = new long[9];
    for (int i = 0; i < tookNanos.length; i++) {
      for (int quick = 0; quick < 6; quick++) {
        caller.send("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
        assertThat(caller.answer().status()).isEqualTo(200);
      }
      caller.post(CHAT, chat("'stream': true"));
      FakeBackend.Call backend = world.slow.next();
      long sentNanos = System.nanoTime();
      for (int token = 0; token < 4; token++) {
        backend.token(token, "x");
      }
      caller.head();
      for (int events = 0; events < 5; ) { // the first says the role
        byte[] chunk = Objects.requireNonNull(caller.chunk());
        events += events(new String(chunk, StandardCharsets.UTF_8)).size();
      }
      tookNanos[i] = System.nanoTime() - sentNanos;
      backend.finish(4);
      assertThat(caller.rest()).endsWith("data: [DONE]\n\n");
    }
    Arrays.sort(tookNanos);
    assertThat(tookNanos[tookNanos.length / 2]).isLessThan(20_000_000L);
  }

  // ---- beside completions

  @Test
  void modelsAreListedAndFoundByAliasToo() throws Exception {
    caller.send("GET /v1/models HTTP/1.1\r\nHost: h\r\n\r\n");
    JsonNode list = JSON.readTree(caller.answer().body());
    assertThat(list.at("/object").stringValue()).isEqualTo("list");
    assertThat(list.at("/data/0/id").stringValue()).isEqualTo(GatewayFixtures.MODEL);
    assertThat(list.at("/data/0/abilities").toString()).isEqualTo("[\"generate\"]");
    assertThat(list.at("/data/0/usd_per_million_tokens/output/0").doubleValue()).isPositive();
    assertThat(list.at("/data/0/achievable/tpot_ms").doubleValue()).isBetween(1.0, 100.0);
    caller.send("GET /v1/models/big HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(JSON.readTree(caller.answer().body()).at("/id").stringValue())
        .isEqualTo(GatewayFixtures.MODEL);
    caller.send("GET /v1/models/a%2Fb HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(caller.answer().status()).isEqualTo(404);
  }

  @Test
  void whatIsNotServedSaysSo() throws Exception {
    try (RawCaller other = new RawCaller(world.gateway.httpPort())) {
      other.post("/v1/images/generations", "{}"); // whose body nobody reads: the connection may end
      assertThat(other.answer().status()).isEqualTo(404);
    }
    caller.send("GET /v1/chat/completions HTTP/1.1\r\nHost: h\r\n\r\n");
    RawCaller.Answer wrongMethod = caller.answer();
    assertThat(wrongMethod.status()).isEqualTo(405);
    assertThat(wrongMethod.header("allow")).isEqualTo("POST");
    caller.send("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(caller.answer().status()).isEqualTo(404);
  }

  @Test
  void aDrainingGatewayRefusesNewWorkAndFinishesTheOld() throws Exception {
    caller.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(caller.answer().status()).isEqualTo(200);
    caller.post(CHAT, chat("'stream': true"));
    FakeBackend.Call backend = world.slow.next();
    backend.token(0, "a");
    Thread drain = Thread.ofPlatform().start(() -> assertThat(world.gateway.drain()).isTrue());
    try (RawCaller second = new RawCaller(world.gateway.httpPort())) {
      int status = 200;
      while (status == 200) {
        second.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n");
        status = second.answer().status();
      }
      assertThat(status).isEqualTo(503);
      assertThat(second.isClosedByServer()).isTrue();
    }
    try (RawCaller third = new RawCaller(world.gateway.httpPort())) {
      third.post(CHAT, chat(""));
      RawCaller.Answer refused = third.answer();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).contains("DRAINING");
    }
    backend.finish(1);
    assertThat(caller.answer().body()).endsWith("data: [DONE]\n\n");
    drain.join(10_000);
    assertThat(drain.isAlive()).isFalse();
  }

  // ---- helpers

  /** A chat with these further fields, quoted with apostrophes. */
  private static String chat(String fields) {
    return body(
        "'messages': [{'role': 'user', 'content': 'hello'}]"
            + (fields.isEmpty() ? "" : ", " + fields));
  }

  private static String body(String fields) {
    return ("{'model': '" + GatewayFixtures.MODEL + "', " + fields + "}").replace('\'', '"');
  }

  /** The data of the events, as a reader of the specification splits them. */
  private static double millis(RawCaller.Answer answer, String name) {
    return Double.parseDouble(answer.header("x-sluice-" + name + "-ms"));
  }

  private static List<String> events(String body) {
    List<String> events = new ArrayList<>();
    for (String event : body.strip().split("\n\n", -1)) {
      assertThat(event).startsWith("data: ").doesNotContain("\n");
      events.add(event.substring("data: ".length()));
    }
    return events;
  }

  private void awaitIdle() throws IOException {
    world.awaitIdle();
  }
}
