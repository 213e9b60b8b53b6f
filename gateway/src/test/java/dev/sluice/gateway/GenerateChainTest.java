package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.Generation;
import dev.sluice.backends.profile.Profile;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.v1.Finished;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.Resumption;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** Answers through a gateway whose backends are two gateways, each before two engines. */
@Isolated("a pause would be taken for one of a gateway")
@Timeout(60)
@SuppressWarnings("NullAway.Init") // set before each test
final class GenerateChainTest {

  private static final GatewayConfig.Address FREE = new GatewayConfig.Address("127.0.0.1", 0);
  private static final BackendFailure CUT = new BackendFailure.Broke("connection reset");

  private GatewayFixtures one;
  private GatewayFixtures two;
  private Gateway outer;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    one = new GatewayFixtures(Continuation.EXACT);
    two = new GatewayFixtures(Continuation.EXACT);
    GatewayConfig config =
        config(
            entry("one", GatewayFixtures.gpu(), one.gateway.grpcPort()),
            entry("two", GatewayFixtures.lpu(), two.gateway.grpcPort()));
    outer = new Gateway(config, Wiring.backends(config), NanoClock.system());
    outer.start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", outer.grpcPort()).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    outer.close();
    one.close();
    two.close();
  }

  @Test
  void enginesAndAGatewayBeforeThemMayDieAndNoTokenIsLostOrRepeated() throws Exception {
    Iterator<GenerateResponse> answer = call(GenerateRequest.newBuilder());
    FakeBackend.Call first = one.slow.next();
    first.token(0, "a ");
    first.token(1, "b ");
    first.fail(CUT);
    FakeBackend.Call second = one.fast.next();
    assertThat(second.generation.progress()).isEqualTo(progress(2, "a b "));
    second.token(2, "c ");
    second.token(3, "d ");
    StringBuilder text = new StringBuilder();
    read(answer, 4, text);
    one.gateway.close();
    FakeBackend.Call third = two.fast.next();
    assertThat(third.generation.progress()).isEqualTo(progress(4, "a b c d "));
    assertThat(third.generation.sampling().maxOutputTokens()).as("of the whole").isEqualTo(256);
    assertThat(third.generation.terms().firstTokenNanos()).as("has come").isZero();
    third.token(4, "e ");
    third.fail(CUT);
    FakeBackend.Call fourth = two.slow.next();
    assertThat(fourth.generation.progress()).isEqualTo(progress(5, "a b c d e "));
    fourth.token(5, "f ");
    fourth.finish(6);
    Finished finished = finish(answer, 4, text);
    assertThat(text).hasToString("a b c d e f ");
    assertThat(finished.getUsage().getOutputTokens()).isEqualTo(6);
    assertThat(finished.getResumesCount()).isEqualTo(1);
    assertThat(finished.getResumes(0).getAtIndex()).isEqualTo(4);
    assertThat(finished.getResumes(0).getBackend()).isEqualTo("two");
    assertThat(finished.getResumes(0).getExact()).isTrue();
    assertBooksAgree(6);
  }

  @Test
  void whichContinuationsWillDoIsPassedOn() throws Exception {
    Iterator<GenerateResponse> answer =
        call(GenerateRequest.newBuilder().setResumption(Resumption.RESUMPTION_NEVER));
    FakeBackend.Call only = one.slow.next();
    assertThat(only.generation.resumption()).isEqualTo(dev.sluice.backends.Resumption.NEVER);
    only.answer(1);
    finish(answer, 0, new StringBuilder());
  }

  /** The books of the outer gateway, of the two behind it, and of the engines. */
  private void assertBooksAgree(int tokens) {
    assertThat(outer.ledger().deliveredTokens()).isEqualTo(tokens);
    assertThat(outer.ledger().inFlight()).isZero();
    assertThat(outer.attempts().tokens().delivered()).isEqualTo(tokens);
    long inner =
        one.gateway.attempts().tokens().delivered() + two.gateway.attempts().tokens().delivered();
    assertThat(inner).isEqualTo(tokens);
    assertThat(
            one.slow.delivered.get()
                + one.fast.delivered.get()
                + two.slow.delivered.get()
                + two.fast.delivered.get())
        .isEqualTo(tokens);
    assertThat(two.gateway.ledger().deliveredTokens()).as("from there").isEqualTo(2);
    two.assertBooksBalance();
    assertThat(outer.attempts().violations()).isZero();
    assertThat(one.gateway.attempts().violations()).isZero();
  }

  private Iterator<GenerateResponse> call(GenerateRequest.Builder request) {
    return InferenceGrpc.newBlockingStub(channel)
        .generate(request.setModel(GatewayFixtures.MODEL).setText("hello").build());
  }

  private static Generation.Progress progress(int tokens, String text) {
    return new Generation.Progress(tokens, text, List.of());
  }

  /** Reads the first {@code count} tokens. */
  private static void read(Iterator<GenerateResponse> answer, int count, StringBuilder text) {
    assertThat(answer.next().hasAdmitted()).isTrue();
    int next = 0;
    while (next < count) {
      next = take(answer.next(), next, text);
    }
  }

  /** Reads the rest, of which {@code firstIndex} is the index of the next token. */
  private static Finished finish(
      Iterator<GenerateResponse> answer, int firstIndex, StringBuilder text) {
    int next = firstIndex;
    GenerateResponse response = answer.next();
    while (answer.hasNext()) {
      if (response.hasTokens()) {
        next = take(response, next, text);
      }
      response = answer.next();
    }
    assertThat(response.hasFinished()).isTrue();
    return response.getFinished();
  }

  private static int take(GenerateResponse response, int next, StringBuilder text) {
    assertThat(response.getTokens().getIndex()).isEqualTo(next);
    text.append(response.getTokens().getText());
    return next + response.getTokens().getCount();
  }

  private static GatewayConfig config(GatewayConfig.BackendEntry... fleet) {
    return new GatewayConfig(
        new GatewayConfig.Listeners(FREE, FREE, FREE),
        List.of(
            new GatewayConfig.Model(
                GatewayFixtures.MODEL, List.of(), 8192, 256, null, GatewayConfig.Budget.NONE)),
        List.of(),
        List.of(fleet),
        new GatewayConfig.Policy("cheapest-adequate"),
        new GatewayConfig.Limits(
            4 << 20, 16 << 10, 1000, Duration.ofSeconds(60), Duration.ofSeconds(10)));
  }

  private static GatewayConfig.BackendEntry entry(String id, Profile profile, int port) {
    return new GatewayConfig.BackendEntry(
        id,
        "sluice",
        GatewayFixtures.MODEL,
        new GatewayConfig.Place("", "", Duration.ZERO),
        profile,
        Map.of("address", "127.0.0.1:" + port),
        List.of(),
        GatewayFixtures.skills(Continuation.EXACT));
  }
}
