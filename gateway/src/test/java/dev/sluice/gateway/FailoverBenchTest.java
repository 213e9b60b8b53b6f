package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.openai.OpenAiBackendFactory;
import dev.sluice.backends.profile.Profile;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.v1.Finished;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The sixteen scenarios of Failover Bench (faults §3.9) with their bounds, through a whole gateway
 * over two engines with OpenAI's API: {@code first}, which is cheaper and always preferred, and
 * {@code second}.
 */
@Timeout(120)
@Isolated("bounds are in real time")
@SuppressWarnings("NullAway.Init") // each test opens the world first
final class FailoverBenchTest {

  private static final String MODEL = GatewayFixtures.MODEL;
  private static final int WORDS = 60;

  /**
   * Far away, as the forecasts see it, so that a busy machine's delays are not taken for silence.
   */
  private static final Duration LINK = Duration.ofMillis(500);

  private final ScriptedEngine first = new ScriptedEngine();
  private final ScriptedEngine second = new ScriptedEngine();
  private Gateway gateway;
  private ManagedChannel channel;

  private void open(Continuation continuation) throws IOException {
    GatewayConfig.Address free = new GatewayConfig.Address("127.0.0.1", 0);
    GatewayConfig config =
        new GatewayConfig(
            new GatewayConfig.Listeners(free, free, free),
            List.of(
                new GatewayConfig.Model(
                    MODEL, List.of(), 8192, 256, "relaxed", GatewayConfig.Budget.NONE)),
            List.of(
                new GatewayConfig.ServiceClass(
                    "relaxed",
                    new GatewayConfig.Budget(Duration.ofSeconds(8), null, null),
                    1,
                    GatewayConfig.Criticality.CRITICAL)),
            List.of(entry("first", 1, continuation), entry("second", 2, continuation)),
            new GatewayConfig.Policy("cheapest-adequate"),
            new GatewayConfig.Limits(
                4 << 20, 16 << 10, 1000, Duration.ofSeconds(100), Duration.ofSeconds(10)));
    gateway =
        new Gateway(
            config,
            List.of(backend(first, continuation), backend(second, continuation)),
            NanoClock.system());
    gateway.start();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", gateway.grpcPort()).usePlaintext().build();
  }

  private static GatewayConfig.BackendEntry entry(
      String id, double perHourUsd, Continuation continuation) {
    return new GatewayConfig.BackendEntry(
        id,
        "openai",
        MODEL,
        new GatewayConfig.Place("eu", "test", LINK),
        GatewayFixtures.gpu().withPrice(new Profile.Price(perHourUsd, 0, 0)),
        Map.of(),
        List.of(),
        GatewayFixtures.skills(continuation));
  }

  private static Backend backend(ScriptedEngine engine, Continuation continuation) {
    return new OpenAiBackendFactory()
        .create(
            new BackendSpec(
                "b",
                MODEL,
                null,
                Map.of(
                    "base_url",
                    engine.url(),
                    "preset",
                    "tensorrt-llm",
                    "metrics",
                    false,
                    "continuation",
                    continuation == Continuation.NONE ? "none" : "exact")));
  }

  @AfterEach
  void close() {
    until(() -> gateway.ledger().inFlight() == 0 && gateway.attempts().running() == 0);
    assertThat(gateway.attempts().violations()).isZero();
    assertThat(gateway.attempts().tokens().delivered())
        .isEqualTo(gateway.ledger().deliveredTokens());
    channel.shutdownNow();
    gateway.close();
    first.close();
    second.close();
  }

  @Test
  void s01AnEngineThatSaysComeBackInTwoSecondsIsLeftAloneForThatLong() throws Exception {
    open(Continuation.NONE);
    first.once(call -> call.refuse(429, "Retry-After: 2\r\n", "{}"));
    long beginNanos = System.nanoTime();
    Outcome outcome = ask(WORDS);
    outcome.isWhole("second", 2);
    assertThat(outcome.seconds).isLessThan(2);
    while (first.requests.get() == 1) {
      ask(1).isWhole();
      assertThat(System.nanoTime() - beginNanos).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }
    assertThat(System.nanoTime() - beginNanos).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_800));
  }

  @Test
  void anEngineWhoseLimitIsUsedUpIsLeftAloneUntilItsResetAndNoAttemptIsWasted() throws Exception {
    open(Continuation.NONE);
    String usedUp = "x-ratelimit-remaining-requests: 0\r\nx-ratelimit-reset-requests: 2s\r\n";
    first.once(call -> call.stream(usedUp).words(WORDS).end());
    second.conduct(ScriptedEngine.Call::wholeAnswer);
    long beginNanos = System.nanoTime();
    ask(WORDS).isWhole("first", 1);
    while (first.requests.get() == 1) {
      ask(1).isWhole(); // in one attempt each
      assertThat(System.nanoTime() - beginNanos).isLessThan(TimeUnit.SECONDS.toNanos(20));
    }
    assertThat(System.nanoTime() - beginNanos).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_800));
    assertThat(gateway.attempts().started())
        .isEqualTo(first.requests.get() + second.requests.get())
        .isEqualTo(gateway.ledger().received());
  }

  @Test
  void s02EnginesThatStayFullAreAskedOnceEach() throws Exception {
    open(Continuation.NONE);
    first.conduct(call -> call.refuse(429, "", "{}"));
    second.conduct(call -> call.refuse(429, "Retry-After: 30\r\n", "{}"));
    Outcome outcome = ask(WORDS);
    outcome.failed("OVERLOADED");
    assertThat(outcome.seconds).isLessThan(3);
    assertThat(first.requests.get() + second.requests.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void s03AServersErrorIsMadeGoodElsewhere() throws Exception {
    open(Continuation.NONE);
    first.once(call -> call.refuse(500, "", "{\"error\":{\"type\":\"server_error\"}}"));
    ask(WORDS).isWhole("second", 2);
  }

  @Test
  void s04EnginesThatStayUnavailableAreAskedOnceEachToo() throws Exception {
    open(Continuation.NONE);
    first.conduct(call -> call.refuse(503, "", "{}"));
    second.conduct(call -> call.refuse(503, "", "{}"));
    Outcome outcome = ask(WORDS);
    outcome.failed("OVERLOADED");
    assertThat(outcome.seconds).isLessThan(2);
    assertThat(first.requests.get() + second.requests.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void s05AResetBeforeTheHeadIsMadeGoodElsewhereAtOnce() throws Exception {
    open(Continuation.NONE);
    ask(1).isWhole();
    first.once(ScriptedEngine.Call::reset);
    Outcome outcome = ask(WORDS);
    outcome.isWhole();
    assertThat(outcome.seconds).isLessThan(2);
  }

  @Test
  void s06ASilentEngineIsLeftAndNotAskedAgain() throws Exception {
    open(Continuation.NONE);
    first.conduct(ScriptedEngine.Call::silence);
    Outcome outcome = ask(WORDS);
    outcome.isWhole("second", 2);
    assertThat(outcome.seconds).isLessThan(10);
    assertThat(first.requests).hasValue(1);
  }

  @Test
  void s07AnEngineThatKeepsItsFirstTokenBackIsLeft() throws Exception {
    open(Continuation.NONE);
    first.conduct(call -> call.stream().silence());
    Outcome outcome = ask(WORDS);
    outcome.isWhole("second", 2);
    assertThat(outcome.seconds).isLessThan(15);
  }

  @Test
  void s08AnAnswerThatIsCutGoesOnWhereItStopped() throws Exception {
    open(Continuation.EXACT);
    first.once(call -> call.stream().words(40).cut());
    Outcome outcome = ask(WORDS);
    outcome.isWhole("second", 2);
    Finished finished = Objects.requireNonNull(outcome.finished);
    assertThat(finished.getResumes(0).getAtIndex()).isEqualTo(40);
    assertThat(outcome.seconds).isLessThan(5);
  }

  @Test
  void s08AnAnswerThatIsCutAndCannotGoOnIsNeverShownAsWhole() throws Exception {
    open(Continuation.NONE);
    first.once(call -> call.stream().words(40).cut());
    Outcome outcome = ask(WORDS);
    outcome.failed("STREAM_INTERRUPTED");
    assertThat(outcome.text).hasToString(words(40));
  }

  @Test
  void s09AStalledAnswerGoesOnElsewhereAndTheGatewayLives() throws Exception {
    open(Continuation.EXACT);
    first.once(call -> call.stream().words(20).silence());
    Outcome outcome = ask(WORDS);
    outcome.isWhole("second", 2);
    assertThat(outcome.seconds).isLessThan(15);
    ask(WORDS).isWhole();
  }

  @Test
  void s10AMalformedEventDoesNotReachTheCaller() throws Exception {
    open(Continuation.EXACT);
    first.once(call -> call.stream().words(9).event("{\"choices\":[{\"text\":").words(WORDS).end());
    ask(WORDS).isWhole("second", 2);
  }

  @Test
  void s11AnAnswerWithoutDoneIsWholeWithItsAccount() throws Exception {
    open(Continuation.NONE);
    first.once(call -> call.stream().words(WORDS).reason().usage().silence());
    Outcome outcome = ask(WORDS);
    outcome.isWhole("first", 1);
    assertThat(outcome.seconds).isLessThan(2);
    assertThat(Objects.requireNonNull(outcome.finished).getUsage().getInputTokens()).isEqualTo(17);
    first.once(call -> call.stream().words(WORDS).reason().silence());
    Outcome without = ask(WORDS);
    without.isWhole("first", 1);
    assertThat(without.seconds).isLessThan(8);
  }

  @Test
  void s12APromptBeyondTheContextIsAskedOnce() throws Exception {
    open(Continuation.EXACT);
    first.conduct(
        call ->
            call.refuse(
                400,
                "",
                "{\"error\":{\"message\":\"secret\",\"type\":\"invalid_request_error\","
                    + "\"code\":\"context_length_exceeded\"}}"));
    Outcome outcome = ask(WORDS);
    outcome.failed("MALFORMED_REQUEST");
    assertThat(outcome.message).contains("context_length_exceeded").doesNotContain("secret");
    assertThat(first.requests.get() + second.requests.get()).isEqualTo(1);
  }

  @Test
  void s13APromptThatIsFilteredIsAskedOnceAndTheReasonKept() throws Exception {
    open(Continuation.EXACT);
    first.conduct(
        call ->
            call.refuse(400, "", "{\"error\":{\"message\":\"x\",\"code\":\"content_filter\"}}"));
    Outcome outcome = ask(WORDS);
    outcome.failed("MALFORMED_REQUEST");
    assertThat(outcome.message).contains("content_filter");
    assertThat(first.requests.get() + second.requests.get()).isEqualTo(1);
  }

  @Test
  void s14WhenNobodyGoesOnTheCallerHearsWhatBrokeTheAnswer() throws Exception {
    open(Continuation.EXACT);
    first.once(call -> call.stream().words(40).cut());
    second.conduct(
        call -> {
          if (call.isContinuation()) {
            call.refuse(400, "", "{\"error\":{\"code\":\"prefill_not_supported\"}}");
          } else {
            call.wholeAnswer();
          }
        });
    Outcome outcome = ask(WORDS);
    outcome.failed("STREAM_INTERRUPTED");
    assertThat(outcome.text).hasToString(words(40));
    assertThat(outcome.message).contains("first").doesNotContain("prefill");
    assertThat(second.requests).hasValue(1);
  }

  @Test
  @Tag("thorough") // takes the minute of the catalogue
  void s15AFlappingEngineCostsNoRequestAndServesAgainSoonAfter() throws Exception {
    open(Continuation.EXACT);
    long beginNanos = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      if (i % 4 == 0) {
        first.down();
      } else if (i % 4 == 2) {
        first.up();
      }
      ask(WORDS).isWhole();
      long dueNanos = beginNanos + TimeUnit.MINUTES.toNanos(1) * (i + 1) / 20;
      while (System.nanoTime() < dueNanos) {
        LockSupport.parkNanos(dueNanos - System.nanoTime());
      }
    }
    long wellNanos = System.nanoTime();
    Outcome outcome;
    do {
      outcome = ask(1);
      outcome.isWhole();
      assertThat(System.nanoTime() - wellNanos).isLessThan(TimeUnit.SECONDS.toNanos(30));
    } while (!Objects.requireNonNull(outcome.finished).getBackend().equals("first"));
    assertThat(gateway.attempts().started()).isLessThan(2 * gateway.ledger().received());
  }

  @Test
  void s16TheAccountIsOfWhoServed() throws Exception {
    open(Continuation.NONE);
    first.once(call -> call.refuse(500, "", "{}"));
    Outcome outcome = ask(7);
    outcome.isWhole("second", 2);
    Finished finished = Objects.requireNonNull(outcome.finished);
    assertThat(finished.getUsage().getInputTokens()).isEqualTo(17);
    assertThat(finished.getUsage().getOutputTokens()).isEqualTo(7);
    assertThat(finished.getEstimatedCostUsd()).isPositive();
  }

  // ---- the caller

  private static final class Outcome {
    private final StringBuilder text = new StringBuilder();
    private final int words;
    private int tokens;
    private double seconds;
    private @Nullable Finished finished;
    private String reason = "";
    private String message = "";

    Outcome(int words) {
      this.words = words;
    }

    void isWhole() {
      assertThat(reason).as(message).isEmpty();
      assertThat(text).hasToString(FailoverBenchTest.words(words));
      assertThat(tokens).isEqualTo(words);
      assertThat(Objects.requireNonNull(finished).getUsage().getOutputTokens()).isEqualTo(words);
    }

    void isWhole(String backend, int attempts) {
      isWhole();
      assertThat(Objects.requireNonNull(finished).getAttempts()).isEqualTo(attempts);
      String last =
          finished.getResumesCount() == 0
              ? finished.getBackend()
              : finished.getResumes(finished.getResumesCount() - 1).getBackend();
      assertThat(last).isEqualTo(backend);
    }

    void failed(String... reasons) {
      assertThat(finished).isNull();
      assertThat(reason).as(message).isIn((Object[]) reasons);
    }
  }

  private Outcome ask(int words) {
    Outcome outcome = new Outcome(words);
    long beginNanos = System.nanoTime();
    try {
      GenerateRequest.Builder request = GenerateRequest.newBuilder().setModel(MODEL);
      request.setText("Count to " + words + ".").getSamplingBuilder().setTemperature(0);
      Iterator<GenerateResponse> answer =
          InferenceGrpc.newBlockingStub(channel).generate(request.build());
      while (answer.hasNext()) {
        take(answer.next(), outcome);
      }
    } catch (StatusRuntimeException e) {
      outcome.reason = reason(e);
      outcome.message = String.valueOf(e.getMessage());
    }
    outcome.seconds = (System.nanoTime() - beginNanos) / 1e9;
    return outcome;
  }

  private static void take(GenerateResponse response, Outcome outcome) {
    if (response.hasTokens()) {
      assertThat(response.getTokens().getIndex()).isEqualTo(outcome.tokens);
      outcome.tokens += response.getTokens().getCount();
      outcome.text.append(response.getTokens().getText());
    } else if (response.hasFinished()) {
      outcome.finished = response.getFinished();
    }
  }

  private static String reason(StatusRuntimeException error) {
    try {
      for (var detail : Objects.requireNonNull(StatusProto.fromThrowable(error)).getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return detail.unpack(ErrorInfo.class).getReason();
        }
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return error.getStatus().getCode().name();
  }

  private static String words(int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(" w").append(i);
    }
    return words.toString();
  }

  private static void until(BooleanSupplier condition) {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time").isLessThan(endNanos);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
