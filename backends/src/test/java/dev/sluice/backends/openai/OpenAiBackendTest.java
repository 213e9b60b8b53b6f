package dev.sluice.backends.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.LoadReport;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.RecordingSink;
import dev.sluice.backends.Sampling;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the adapter says to an engine, and what it makes of its connections and refusals. */
@Timeout(60)
final class OpenAiBackendTest {

  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String STREAM = OK + "Content-Type: text/event-stream\r\n";
  private static final int ALL = Integer.MAX_VALUE;
  private static final Prompt.Chat CHAT =
      new Prompt.Chat(List.of(new Prompt.Message("user", "a \"secret\"")));

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  // ---- what is asked

  @Test
  void aChatIsAskedAsAStreamWithItsAccount() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    RecordingSink sink = started(backend(upstream, "openai"), CHAT);
    assertThat(sink.awaitCompletion()).isEqualTo(new Completion(Completion.Reason.STOP, 5, 1, 0));
    assertThat(sink.text()).isEqualTo("hi");
    Upstream.Call call = upstream.next();
    assertThat(call.path()).isEqualTo("/v1/chat/completions");
    assertThat(call.body())
        .isEqualTo(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"a \\\"secret\\\"\"}],"
                + "\"model\":\"theirs\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"max_completion_tokens\":100}");
  }

  @Test
  void textIsCompletedAndEveryKeyIsSaidThatTheEngineKnows() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Sampling sampling = new Sampling(9, 0.5, 0.9, 40, 7L, List.of("\n", "END"));
    Generation generation =
        new Generation("r", "m", new Prompt.Text("x"), sampling, Generation.Terms.NONE);
    RecordingSink sink = new RecordingSink();
    backend(upstream, "llama.cpp").start(generation, sink).request(ALL);
    sink.awaitCompletion();
    assertThat(upstream.next().body())
        .isEqualTo(
            "{\"prompt\":\"x\",\"model\":\"theirs\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":9,\"temperature\":0.5,\"top_p\":0.9,\"top_k\":40,\"seed\":7,\"stop\":[\"\\n"
                + "\",\"END\"],\"timings_per_token\":true}");
    RecordingSink other = new RecordingSink();
    backend(upstream, "sambanova").start(generation, other).request(ALL);
    other.awaitCompletion();
    Upstream.Call call = upstream.next();
    assertThat(call.path()).isEqualTo("/v1/chat/completions");
    assertThat(call.body()).contains("\"role\":\"user\"").doesNotContain("seed");
  }

  @Test
  void whatIsMoreThanWordsIsSaidAsTheCallerSaidIt() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Prompt.Chat chat =
        new Prompt.Chat(
            List.of(
                new Prompt.Message("user", "é?"),
                new Prompt.Message("assistant", "", "\"tool_calls\":[{\"id\":\"c\"}]"),
                new Prompt.Message("tool", "", "\"tool_call_id\":\"c\"")),
            "\"tools\":[{\"a\":\"é\"}],\"tool_choice\":\"auto\"");
    started(backend(upstream, "openai"), chat).awaitCompletion();
    assertThat(upstream.next().body())
        .isEqualTo(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"é?\"},"
                + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c\"}]},"
                + "{\"role\":\"tool\",\"content\":\"\",\"tool_call_id\":\"c\"}],"
                + "\"tools\":[{\"a\":\"é\"}],\"tool_choice\":\"auto\","
                + "\"model\":\"theirs\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                + "\"max_completion_tokens\":100}");
  }

  @Test
  void anAnswerWithToolsIsNeverGoneOnWith() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Prompt.Chat chat = new Prompt.Chat(List.of(new Prompt.Message("user", "?")), "\"tools\":[{}]");
    Backend backend = backend(upstream, "vllm", Map.of("continuation", "plausible"));
    RecordingSink sink = new RecordingSink(2);
    backend
        .start(
            new Generation(
                "r",
                "m",
                chat,
                Sampling.upTo(9),
                Generation.Terms.NONE,
                new Generation.Progress(2, "a b", List.of())),
            sink)
        .request(ALL);
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Rejected.class);
    assertThat(upstream.requests).hasValue(0);
  }

  @Test
  void tokenIdsAreCompleted() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    started(backend(upstream, "vllm"), new Prompt.TokenIds(new int[] {1, 22, 333}))
        .awaitCompletion();
    assertThat(upstream.next().body())
        .startsWith("{\"prompt\":[1,22,333],")
        .contains("\"continuous_usage_stats\":true");
  }

  @Test
  void theKeyIsReadFromItsFileAndChangesWithIt(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("key");
    Files.writeString(file, "sk-1\n");
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream, "openai", Map.of("api_key_file", file.toString()));
    started(backend, CHAT).awaitCompletion();
    assertThat(upstream.next().head()).contains("\r\nAuthorization: Bearer sk-1\r\n");
    assertThat(backend.toString()).doesNotContain("sk-1");
    Files.writeString(file, "sk-2\n");
    until(
        () -> {
          boolean _ = backend.reachable(); // whoever looks at it has it looked after
          started(backend, CHAT).awaitCompletion();
          return upstream.next().head().contains("\r\nAuthorization: Bearer sk-2\r\n");
        });
    Files.writeString(file, "two\r\nX-Evil: yes");
    Backend other = backend(upstream, "openai", Map.of("api_key_file", file.toString()));
    started(other, CHAT).awaitCompletion();
    assertThat(upstream.next().head()).doesNotContain("Evil").doesNotContain("Authorization");
  }

  // ---- continuations

  @Test
  void aTextIsGoneOnWithBehindWhatWasSaid() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream, "llama.cpp", Map.of("continuation", "exact"));
    RecordingSink sink = new RecordingSink(4);
    backend.start(after(new Prompt.Text("Once"), 0.0, 4, " upon a"), sink).request(ALL);
    assertThat(sink.awaitCompletion().outputTokens()).isEqualTo(5);
    assertThat(upstream.next().body())
        .contains("\"prompt\":\"Once upon a\"")
        .contains("\"max_tokens\":96");
    assertThat(sink.violations()).isEmpty();
  }

  @Test
  void aChatIsRenderedAndGoneOnWithOnLlamaCpp() {
    Upstream upstream =
        upstream(
            call -> {
              if (call.path().equals("/apply-template")) {
                call.plain(200, "", "{\"prompt\":\"<user>hi<model>\"}");
              } else {
                oneToken(call);
              }
            });
    Backend backend = backend(upstream, "llama.cpp", Map.of("continuation", "exact"));
    RecordingSink sink = new RecordingSink(2);
    backend.start(after(CHAT, 0.0, 2, " so"), sink).request(ALL);
    sink.awaitCompletion();
    assertThat(upstream.next().body())
        .isEqualTo("{\"messages\":[{\"role\":\"user\",\"content\":\"a \\\"secret\\\"\"}]}");
    Upstream.Call second = upstream.next();
    assertThat(second.path()).isEqualTo("/v1/completions");
    assertThat(second.body()).contains("\"prompt\":\"<user>hi<model> so\"");
  }

  @Test
  void aChatIsGoneOnWithAsItsFinalMessageWhereTheEngineCan() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream, "vllm", Map.of("continuation", "plausible"));
    RecordingSink sink = new RecordingSink(2);
    backend.start(after(CHAT, null, 2, " so"), sink).request(ALL);
    sink.awaitCompletion();
    assertThat(upstream.next().body())
        .contains("{\"role\":\"assistant\",\"content\":\" so\"}")
        .contains("\"continue_final_message\":true,\"add_generation_prompt\":false");
  }

  @Test
  void anExactContinuationOfADrawIsRefusedSinceItCannotBeOne() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream, "llama.cpp", Map.of("continuation", "exact"));
    RecordingSink sink = new RecordingSink(2);
    backend.start(after(new Prompt.Text("a"), 0.7, 2, "b"), sink).request(ALL);
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Rejected.class);
    assertThat(upstream.requests).hasValue(0);
  }

  @Test
  void anAnswerOfWhichOnlyTheEndWasLostIsWhole() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream, "llama.cpp", Map.of("continuation", "exact"));
    RecordingSink sink = new RecordingSink(100);
    backend.start(after(new Prompt.Text("a"), 0.0, 100, "b"), sink).request(ALL);
    assertThat(sink.awaitCompletion().reason()).isEqualTo(Completion.Reason.LENGTH);
    assertThat(upstream.requests).hasValue(0);
  }

  // ---- connections

  @Test
  void aConnectionServesOneExchangeAfterTheOther() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream, "openai");
    for (int i = 0; i < 5; i++) {
      started(backend, CHAT).awaitCompletion();
      until(() -> connectionIsKept(backend));
    }
    assertThat(upstream.connections).hasValue(1);
  }

  /** The end of the stream is read after the sink was told: a test must not ask too early. */
  private static boolean connectionIsKept(Backend backend) {
    return backend.toString().contains("0 running");
  }

  @Test
  void aConnectionThatTheServerHasClosedIsNotUsed() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream, "openai");
    started(backend, CHAT).awaitCompletion();
    until(() -> connectionIsKept(backend));
    upstream.cut();
    assertThat(started(backend, CHAT).awaitCompletion().outputTokens()).isEqualTo(1);
    assertThat(upstream.connections).hasValue(2);
  }

  @Test
  void aRequestThatAnAgedConnectionDroppedIsSentAgainOnce() {
    AtomicLong answers = new AtomicLong();
    Upstream upstream =
        upstream(
            call -> {
              if (answers.getAndIncrement() == 1) {
                call.reset();
              }
              oneToken(call);
            });
    Backend backend = backend(upstream, "openai");
    started(backend, CHAT).awaitCompletion();
    until(() -> connectionIsKept(backend));
    started(backend, CHAT).awaitCompletion();
    assertThat(upstream.requests).hasValue(3);
  }

  @Test
  void aRequestThatAFreshConnectionDroppedIsNotSentAgain() {
    Upstream upstream = upstream(Upstream.Call::reset);
    assertThat(started(backend(upstream, "openai"), CHAT).awaitFailure())
        .isInstanceOf(BackendFailure.Broke.class);
    assertThat(upstream.requests).hasValue(1);
  }

  @Test
  void aConnectionServesNoMoreExchangesThanItsEngineGrants() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream, "llama.cpp", Map.of("metrics", false));
    for (int i = 0; i < 101; i++) {
      started(backend, CHAT).awaitCompletion();
      until(() -> connectionIsKept(backend));
    }
    assertThat(upstream.connections).hasValue(2);
  }

  /** llama.cpp closes what is idle for five seconds, and may read a long prompt for longer. */
  @Test
  @Tag("thorough") // takes as long as an engine may be idle, and longer
  void aConnectionEndsWhenItIsIdleForLongAndNotWhenItsEngineIsSilentForAsLong() {
    Upstream upstream =
        upstream(
            call -> {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(4_500));
              oneToken(call);
            });
    Backend backend = backend(upstream, "llama.cpp", Map.of("metrics", false));
    started(backend, CHAT).awaitCompletion();
    assertThat(upstream.ended).hasValue(0);
    long idleNanos = System.nanoTime();
    until(() -> upstream.ended.get() == 1);
    assertThat(System.nanoTime() - idleNanos).isLessThan(TimeUnit.MILLISECONDS.toNanos(4_900));
  }

  @Test
  void anInterimAnswerIsPassedOver() {
    Upstream upstream =
        upstream(
            call -> {
              call.send(
                  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
              oneToken(call);
            });
    assertThat(started(backend(upstream, "openai"), CHAT).awaitCompletion().outputTokens())
        .isEqualTo(1);
  }

  @Test
  void aRefusalIsHeardBeforeTheWholeRequestIsRead() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (Socket socket = server.accept()) {
                  socket.getInputStream().readNBytes(100);
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n".getBytes(UTF_8));
                  heard.await();
                } catch (IOException | InterruptedException _) {
                  // the test ends
                }
              });
      Backend backend =
          backend("http://127.0.0.1:" + server.getLocalPort() + "/v1", "openai", Map.of());
      RecordingSink sink = started(backend, new Prompt.Text("x".repeat(16_000_000)));
      assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Rejected.class);
      heard.countDown();
    }
  }

  @Test
  void aServerThatIsNotThereIsDownUntilItIsBack() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Backend backend = backend("http://127.0.0.1:" + port + "/v1", "openai", Map.of());
    BackendFailure failure = started(backend, CHAT).awaitFailure();
    assertThat(failure).isInstanceOf(BackendFailure.NeverSent.class);
    assertThat(failure.detail()).contains("127.0.0.1:" + port).contains("Connection refused");
    assertThat(backend.reachable()).isFalse();
    opened.add(new Upstream(port, OpenAiBackendTest::oneToken));
    until(backend::reachable);
    started(backend, CHAT).awaitCompletion();
  }

  @Test
  void aHostThatCannotBeResolvedIsNoReasonToThrow() {
    Backend backend = backend("http://no-such-host.invalid:1/v1", "openai", Map.of());
    assertThat(started(backend, CHAT).awaitFailure()).isInstanceOf(BackendFailure.NeverSent.class);
  }

  @Test
  @Tag("thorough") // a TLS handshake is waited for until its limit of 5 s
  void plainTextIsNeverSpokenWhereTlsWasAskedFor() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream.url().replace("http:", "https:"), "openai", Map.of());
    BackendFailure failure = started(backend, CHAT).awaitFailure();
    assertThat(failure).isInstanceOf(BackendFailure.NeverSent.class);
    assertThat(upstream.requests).hasValue(0);
  }

  @Test
  void cancellingClosesTheConnectionAtOnce() throws InterruptedException {
    CountDownLatch gone = new CountDownLatch(1);
    Upstream upstream =
        upstream(
            call -> {
              call.stream().token("a");
              try {
                call.awaitGone();
              } finally {
                gone.countDown();
              }
            });
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend(upstream, "openai").start(generation(CHAT), sink);
    call.request(ALL);
    sink.awaitChunks(1);
    call.cancel();
    assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(sink.ends()).isZero();
  }

  @Test
  void aSinkThatWantsNothingStopsTheEngineAndNotTheHeap() {
    AtomicLong sent = new AtomicLong();
    String event =
        "data: " + Upstream.tokenEvent("/v1/chat/completions", "x".repeat(1000)) + "\n\n";
    Upstream upstream =
        upstream(
            call -> {
              call.stream();
              while (sent.get() < 50_000) {
                call.chunk(event);
                sent.incrementAndGet();
              }
            });
    RecordingSink sink = new RecordingSink();
    BackendCall call = backend(upstream, "openai").start(generation(CHAT), sink);
    call.request(1);
    sink.awaitChunks(1);
    AtomicLong before = new AtomicLong(-1);
    until(
        () -> {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
          return before.getAndSet(sent.get()) == sent.get();
        });
    assertThat(sent.get()).as("events that the sockets' buffers took").isLessThan(20_000);
    assertThat(sink.chunks()).hasSize(1);
    call.cancel();
  }

  /**
   * A last segment that waits for an acknowledgement waits 40 ms; the fastest of twenty does not.
   */
  @Test
  void aLargeRequestDoesNotWaitForAnAcknowledgement() {
    Upstream upstream = upstream(OpenAiBackendTest::oneToken);
    Backend backend = backend(upstream, "openai");
    long leastNanos = Long.MAX_VALUE;
    for (int i = 0; i < 20; i++) {
      long beginNanos = System.nanoTime();
      started(backend, new Prompt.Text("x".repeat(100_000 + i))).awaitCompletion();
      leastNanos = Math.min(leastNanos, System.nanoTime() - beginNanos);
    }
    assertThat(leastNanos).isLessThan(TimeUnit.MILLISECONDS.toNanos(30));
  }

  // ---- refusals

  @ParameterizedTest
  @CsvSource({
    "400, INVALID",
    "413, INVALID",
    "422, INVALID",
    "431, INVALID",
    "401, MISCONFIGURED",
    "403, MISCONFIGURED",
    "404, MISCONFIGURED",
    "501, MISCONFIGURED",
    "302, MISCONFIGURED",
    "408, OVERLOADED",
    "429, OVERLOADED",
    "498, OVERLOADED",
    "503, OVERLOADED",
    "529, OVERLOADED",
  })
  void aNoIsARejectionOfItsKind(int status, BackendFailure.Rejected.Kind kind) {
    Upstream upstream =
        upstream(
            call ->
                call.plain(
                    status,
                    "Location: http://127.0.0.1:1/\r\n",
                    "{\"error\":{\"message\":\"your prompt 'a secret'\",\"type\":\"some_type\","
                        + "\"code\":\"the secret code\"}}"));
    BackendFailure failure = started(backend(upstream, "openai"), CHAT).awaitFailure();
    assertThat(failure)
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class, rejected -> assertThat(rejected.kind()).isEqualTo(kind));
    assertThat(failure.detail()).contains("HTTP " + status + " some_type").doesNotContain("secret");
    assertThat(upstream.requests).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 504, 520})
  void aServersFailureIsABreak(int status) {
    Upstream upstream = upstream(call -> call.plain(status, "", "<html>"));
    assertThat(started(backend(upstream, "openai"), CHAT).awaitFailure())
        .isInstanceOf(BackendFailure.Broke.class);
  }

  @Test
  void anEmptyAccountIsNoLimitThatEnds() {
    Upstream upstream =
        upstream(call -> call.plain(429, "", "{\"error\":{\"code\":\"insufficient_quota\"}}"));
    assertThat(started(backend(upstream, "openai"), CHAT).awaitFailure())
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected ->
                assertThat(rejected.kind()).isEqualTo(BackendFailure.Rejected.Kind.MISCONFIGURED));
  }

  @ParameterizedTest
  @CsvSource({
    "openai, Retry-After: 2, 2000",
    "openai, Retry-After: 0.25, 250",
    "openai, retry-after-ms: 1500, 1500",
    "openai, Retry-After: soon, 1000",
    "openai, Retry-After: 999999, 600000",
    "openai, x-ratelimit-reset-requests: 120ms, 120",
    "openai, x-ratelimit-reset-tokens: 6m0s, 360000",
    "groq, x-ratelimit-reset-requests: 2m59.56s, 179560",
    "cerebras, x-ratelimit-reset-tokens-minute: 11.382867, 11382",
    "sambanova, x-ratelimit-reset-requests: -5, 1000",
  })
  void aLimitSaysHowLongItLasts(String preset, String header, long millis) {
    Upstream upstream = upstream(call -> call.plain(429, header + "\r\n", "{}"));
    assertThat(started(backend(upstream, preset), CHAT).awaitFailure())
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected ->
                assertThat(TimeUnit.NANOSECONDS.toMillis(rejected.retryAfterNanos()))
                    .isEqualTo(millis));
  }

  @Test
  void onlyALimitThatIsUsedUpIsWaitedFor() {
    String headers =
        String.join(
            "\r\n",
            "x-ratelimit-remaining-requests: 14",
            "x-ratelimit-reset-requests: 500s",
            "x-ratelimit-remaining-tokens: 0",
            "x-ratelimit-reset-tokens: 7.66s",
            "");
    Upstream upstream = upstream(call -> call.plain(429, headers, "{}"));
    assertThat(started(backend(upstream, "groq"), CHAT).awaitFailure())
        .isInstanceOfSatisfying(
            BackendFailure.Rejected.class,
            rejected -> assertThat(rejected.retryAfterNanos()).isEqualTo(7_660_000_000L));
  }

  @ParameterizedTest
  @CsvSource({
    "openai, requests, 0, 1s, 1000",
    "openai, tokens, 0, 6m0s, 360000",
    "openai, tokens, 0.0, 90ms, 90",
    "openai, tokens, -3, 90ms, 0",
    "openai, requests, 1, 1s, 0",
    "openai, requests, 0, soon, 0",
    "openai, requests, nonsense, 2s, 0",
    "cerebras, tokens-minute, 0, 11.5, 11500",
    "cerebras, tokens, 0, 11.5, 0",
  })
  void aLimitThatAGoodAnswerUsedUpIsTold(
      String preset, String what, String left, String reset, long millis) {
    String headers =
        "x-ratelimit-remaining-%s: %s\r\nx-ratelimit-reset-%s: %s\r\n"
            .formatted(what, left, what, reset);
    Upstream upstream = upstream(call -> call.send(STREAM + headers + answered()));
    RecordingSink sink = started(backend(upstream, preset), CHAT);
    sink.awaitCompletion();
    assertThat(TimeUnit.NANOSECONDS.toMillis(sink.pushedBackNanos())).isEqualTo(millis);
  }

  @Test
  void aLimitOfWhichNothingIsSaidIsNotUsedUp() {
    Upstream upstream =
        upstream(call -> call.send(STREAM + "x-ratelimit-reset-tokens: 9s\r\n" + answered()));
    RecordingSink sink = started(backend(upstream, "openai"), CHAT);
    sink.awaitCompletion();
    assertThat(sink.pushedBackNanos()).isZero();
  }

  /** The rest of an answer, whose status and some of whose headers were sent. */
  private static String answered() {
    String events =
        "data: "
            + Upstream.tokenEvent("/chat/completions", "hi")
            + "\n\n"
            + "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
            + "data: [DONE]\n\n";
    return "Content-Length: " + events.length() + "\r\n\r\n" + events;
  }

  @Test
  void anAnswerThatIsNoStreamIsABreachOfTheProtocol() {
    Upstream upstream = upstream(call -> call.plain(200, "", "{\"choices\":[]}"));
    assertThat(started(backend(upstream, "openai"), CHAT).awaitFailure())
        .isInstanceOf(BackendFailure.Protocol.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded: no\r\n\r\n",
        OK + "Content-Type: text/event-stream\r\nTransfer-Encoding: gzip\r\n\r\n",
        OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
        OK + "Content-Length: -5\r\n\r\n",
        OK + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n12345",
        STREAM + "Transfer-Encoding: chunked\r\n\r\n" + "x\r\n",
        STREAM + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
      })
  void whatIsNotHttpIsABreachOfTheProtocol(String bytes) {
    Upstream upstream =
        upstream(
            call -> {
              call.send(bytes);
              call.awaitGone();
            });
    assertThat(started(backend(upstream, "openai"), CHAT).awaitFailure())
        .isInstanceOf(BackendFailure.Protocol.class);
  }

  @Test
  void aHeadWithoutEndIsRefusedAtItsBound() {
    Upstream upstream =
        upstream(
            call -> {
              call.send("HTTP/1.1 200 OK\r\n");
              while (true) {
                call.send("X-A: " + "a".repeat(1000) + "\r\n");
              }
            });
    assertThat(started(backend(upstream, "openai"), CHAT).awaitFailure())
        .isInstanceOf(BackendFailure.Protocol.class);
  }

  // ---- load

  @Test
  void loadIsReadFromTheMetrics() {
    String metrics =
        """
        # TYPE vllm:num_requests_running gauge
        vllm:num_requests_running{engine="0",model_name="a } b"} 3.0
        vllm:num_requests_running{engine="1",model_name="m"} 4.0
        vllm:num_requests_running_total 99
        vllm:num_requests_waiting{engine="0"} 2.0 1795573418
        vllm:kv_cache_usage_perc{engine="0"} 0.25
        """;
    Upstream upstream =
        upstream(
            call -> call.send(OK + "Content-Length: " + metrics.length() + "\r\n\r\n" + metrics));
    Backend backend = backend(upstream, "vllm");
    assertThat(backend.load()).isEmpty();
    until(() -> backend.reachable() && backend.load().isPresent());
    assertThat(backend.load()).isEqualTo(Optional.of(new LoadReport(7, 2, 0, 0.25)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "-1", "+Inf", "1e99", "many"})
  void aLieInTheMetricsIsNoLoad(String value) {
    PrometheusText metrics =
        PrometheusText.parse(
            ("vllm:num_requests_running 1\nvllm:num_requests_waiting " + value + "\n")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8),
            Presets.named("vllm").load().metrics());
    assertThat(metrics.isComplete()).isFalse();
  }

  @Test
  void loadIsReadFromTheListOfSlotsWhereThereAreNoMetrics() {
    String slots =
        """
        [{"id":0,"is_processing":true,"prompt":"[{\\"is_processing\\":true}]","params":{"is_processing":true}},
         {"id":1,"is_processing":false},{"id":2,"is_processing":true}]\
        """;
    Upstream upstream =
        upstream(
            call ->
                call.send(
                    call.path().equals("/slots")
                        ? OK + "Content-Length: " + slots.length() + "\r\n\r\n" + slots
                        : "HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n"));
    Backend backend = backend(upstream, "llama.cpp");
    until(() -> backend.reachable() && backend.load().isPresent());
    assertThat(backend.load()).isEqualTo(Optional.of(new LoadReport(2, 0, 0, 0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "[]", "[{\"id\":0}]", "[{\"is_processing\":true", "no JSON", "[1,2]", ""})
  void whatListsNoSlotsIsNoLoad(String body) {
    assertThat(SlotList.running(body.getBytes(UTF_8))).isEmpty();
  }

  @Test
  void loadIsTakenFromTheHeaderOfAnAnswerThatIsAskedForIt() {
    Upstream upstream =
        upstream(
            call -> {
              if (!call.path().equals("/v1/chat/completions")) {
                call.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                return;
              }
              String load =
                  "TEXT named_metrics.kv_cache_usage_perc=0.5,"
                      + " named_metrics.num_requests_waiting=3.0";
              String event =
                  "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}],"
                      + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n";
              assertThat(call.head()).contains("endpoint-load-metrics-format: text\r\n");
              call.send(
                  STREAM
                      + "endpoint-load-metrics: "
                      + load
                      + "\r\nContent-Length: "
                      + event.length()
                      + "\r\n\r\n"
                      + event);
            });
    Backend backend = backend(upstream, "vllm");
    started(backend, CHAT).awaitCompletion();
    assertThat(backend.load()).isEqualTo(Optional.of(new LoadReport(0, 3, 0, 0.5)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          TEXT named_metrics.num_requests_waiting=7      | 7 | 0.25
          text named_metrics.kv_cache_usage_perc=0.75    | 2 | 0.75
          named_metrics.num_requests_waiting=1,cpu=0.1   | 1 | 0.25
          TEXT num_requests_waiting=7                    | 2 | 0.25
          TEXT named_metrics.num_requests_waiting=NaN    | 2 | 0.25
          TEXT named_metrics.num_requests_waiting=-1     | 2 | 0.25
          TEXT named_metrics.num_requests_waiting=1e99   | 2 | 0.25
          TEXT named_metrics.kv_cache_usage_perc=7       | 2 | 1
          JSON {"named_metrics":{"num_requests_waiting":7}} | 2 | 0.25
          """)
  void aHeaderSaysOnlyWhatCanBeBelieved(String header, int waiting, double cache) {
    assertThat(
            LoadHeader.over(
                new LoadReport(4, 2, 0, 0.25), header, Presets.named("vllm").load().header()))
        .isEqualTo(new LoadReport(4, waiting, 0, cache));
  }

  // ---- arrangements

  private static void oneToken(Upstream.Call call) throws IOException {
    call.stream().token("hi").reason("stop").usage(5, 1).done();
  }

  private Upstream upstream(Upstream.Script script) {
    Upstream upstream = new Upstream(script);
    opened.add(upstream);
    return upstream;
  }

  private Backend backend(Upstream upstream, String preset) {
    return backend(upstream, preset, Map.of());
  }

  private Backend backend(Upstream upstream, String preset, Map<String, Object> settings) {
    return backend(upstream.url(), preset, settings);
  }

  private Backend backend(String url, String preset, Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("base_url", url);
    all.put("preset", preset);
    all.put("upstream_model", "theirs");
    Backend backend = new OpenAiBackendFactory().create(new BackendSpec("b", "m", null, all));
    opened.add(backend);
    return backend;
  }

  private static Generation generation(Prompt prompt) {
    return new Generation("r", "m", prompt, Sampling.upTo(100), Generation.Terms.NONE);
  }

  private static Generation after(
      Prompt prompt, @Nullable Double temperature, int tokens, String text) {
    return new Generation(
        "r",
        "m",
        prompt,
        new Sampling(100, temperature, null, null, null, List.of()),
        Generation.Terms.NONE,
        new Generation.Progress(tokens, text, List.of()));
  }

  private static RecordingSink started(Backend backend, Prompt prompt) {
    RecordingSink sink = new RecordingSink();
    backend.start(generation(prompt), sink).request(ALL);
    return sink;
  }

  private static void until(BooleanSupplier condition) {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time").isLessThan(endNanos);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
