package dev.sluice.backends.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.LoadReport;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.RecordingSink;
import dev.sluice.backends.Sampling;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.emulated.model.ProfileFixtures;
import dev.sluice.backends.profile.Profile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the emulated backend does at which instant. */
final class EmulatedBackendOnHandTurnedClockTest {

  private static final int ALL = Integer.MAX_VALUE;
  private static final Prompt PROMPT = new Prompt.Text("What is the answer?");
  private static final long PREFILL_NANOS = 250_000 + 5 * 100;
  private static final long TOKEN_NANOS = 250_000;

  private final HandTurnedClock clock = new HandTurnedClock();
  private final RecordingSink sink = new RecordingSink();

  @Test
  void tokensComeAtTheirInstantsAndNotBefore() {
    slots(1).start(generation(3, 100), sink).request(ALL);
    clock.settle();
    clock.advance(PREFILL_NANOS - 1);
    assertThat(sink.tokenCount()).isZero();
    clock.advance(1);
    assertThat(sink.tokenCount()).isEqualTo(1);
    clock.advance(TOKEN_NANOS - 1);
    assertThat(sink.tokenCount()).isEqualTo(1);
    clock.advance(1);
    assertThat(sink.tokenCount()).isEqualTo(2);
    clock.advance(TOKEN_NANOS);
    assertThat(sink.awaitCompletion()).isEqualTo(new Completion(Completion.Reason.STOP, 5, 3, 0));
  }

  @Test
  void tokensThatAreLateLeaveInOneChunk() {
    slots(1).start(generation(10, 100), sink).request(ALL);
    clock.settle();
    clock.jump(PREFILL_NANOS + 5 * TOKEN_NANOS);
    assertThat(sink.chunks()).hasSize(1);
    assertThat(sink.tokenCount()).isEqualTo(6);
  }

  @Test
  void tokensThatNobodyAskedForWaitAndLeaveTogether() {
    BackendCall call = slots(1).start(generation(10, 100), sink);
    clock.settle();
    call.request(1);
    clock.advance(PREFILL_NANOS + 4 * TOKEN_NANOS);
    assertThat(sink.tokenCount()).isEqualTo(1);
    call.request(1);
    clock.settle();
    assertThat(sink.chunks()).hasSize(2);
    assertThat(sink.tokenCount()).isEqualTo(5);
  }

  @Test
  void theEngineGoesOnWhileASinkIsSlow() {
    Backend backend = slots(1);
    backend.start(generation(10, 100), new RecordingSink());
    backend.start(generation(2, 100), sink).request(ALL);
    clock.settle();
    clock.advance(2 * PREFILL_NANOS + 10 * TOKEN_NANOS);
    assertThat(sink.awaitCompletion().outputTokens()).isEqualTo(2);
  }

  @Test
  void theTextIsTheOracles() {
    slots(1).start(generation(50, 100), sink).request(ALL);
    clock.settle();
    clock.advance(1_000_000_000L);
    assertThat(sink.text()).isEqualTo(EmulatedText.of("m", PROMPT, 7L).text(0, 50));
  }

  @Test
  void theTokenLimitEndsTheAnswerByLength() {
    slots(1).start(generation(50, 20), sink).request(ALL);
    clock.settle();
    clock.advance(1_000_000_000L);
    assertThat(sink.awaitCompletion())
        .isEqualTo(new Completion(Completion.Reason.LENGTH, 5, 20, 0));
  }

  @Test
  void withoutExpectationTheModelEndsTheAnswerByItself() {
    slots(1).start(generation(0, 100_000), sink).request(ALL);
    clock.settle();
    clock.advance(10_000_000_000L);
    int length = EmulatedText.of("m", PROMPT, 7L).length();
    assertThat(sink.awaitCompletion())
        .isEqualTo(new Completion(Completion.Reason.STOP, 5, length, 0));
  }

  @Test
  void aPromptThatLeavesNoRoomInTheContextIsInvalid() {
    int context = ProfileFixtures.fast(1).contextTokens();
    Generation generation = generation(new Prompt.TokenIds(new int[context]), Sampling.upTo(10), 0);
    slots(1).start(generation, sink).request(1);
    clock.settle();
    assertThat(sink.awaitFailure())
        .isEqualTo(
            new Rejected(
                Rejected.Kind.INVALID, 0, "b: prompt tokens: 131072 (expected: < 131072)"));
  }

  @Test
  void theContextEndsTheAnswerByLength() {
    int context = ProfileFixtures.fast(1).contextTokens();
    Generation generation =
        generation(new Prompt.TokenIds(new int[context - 5]), Sampling.upTo(100), 50);
    slots(1).start(generation, sink).request(ALL);
    clock.settle();
    clock.advance(1_000_000_000L);
    assertThat(sink.awaitCompletion().outputTokens()).isEqualTo(5);
    assertThat(sink.awaitCompletion().reason()).isEqualTo(Completion.Reason.LENGTH);
  }

  @Test
  void whoFindsTheQueueFullIsRefused() {
    Backend backend = backend(ProfileFixtures.fast(2), Map.of("max_waiting", 3L));
    for (int i = 0; i < 5; i++) {
      backend.start(generation(10, 100), new RecordingSink());
    }
    backend.start(generation(10, 100), sink).request(1);
    clock.settle();
    assertThat(sink.awaitFailure())
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.kind()).isEqualTo(Rejected.Kind.OVERLOADED));
    assertThat(backend.load()).contains(new LoadReport(2, 3, 25, 1));
  }

  @Test
  void aCancelledGenerationIsSilentAtOnceAndItsSlotIsFree() {
    Backend backend = slots(1);
    BackendCall call = backend.start(generation(1_000, 2_000), sink);
    call.request(ALL);
    clock.settle();
    clock.advance(PREFILL_NANOS + TOKEN_NANOS);
    call.cancel();
    clock.advance(TOKEN_NANOS);
    assertThat(sink.tokenCount()).isEqualTo(2);
    assertThat(sink.ends()).isZero();
    assertThat(backend.load()).contains(new LoadReport(0, 0, 0, 0));
  }

  @Test
  void anIdleBackendNeedsNoWakeUp() {
    slots(1).start(generation(2, 100), sink).request(ALL);
    clock.settle();
    clock.advance(1_000_000_000L);
    assertThat(clock.settle()).isEqualTo(EngineClock.NEVER);
  }

  @Test
  void aSinkThatThrowsHarmsNoOther() {
    Backend backend = slots(2);
    backend.start(generation(5, 100), new ThrowingSink()).request(ALL);
    backend.start(generation(5, 100), sink).request(ALL);
    clock.settle();
    clock.advance(1_000_000_000L);
    assertThat(sink.awaitCompletion().outputTokens()).isEqualTo(5);
  }

  @Test
  void speedMakesEverythingFaster() {
    Profile profile = ProfileFixtures.withOverhead(ProfileFixtures.fast(1), 1_000_000);
    backend(profile, Map.of("speed", 2.0)).start(generation(2, 100), sink).request(ALL);
    clock.settle();
    clock.advance((1_000_000 + PREFILL_NANOS + TOKEN_NANOS) / 2 - 1);
    assertThat(sink.tokenCount()).isEqualTo(1);
    clock.advance(1);
    assertThat(sink.tokenCount()).isEqualTo(2);
  }

  @Test
  void aSharedPrefixIsReportedAsCached() {
    Prompt prompt = new Prompt.Text("the same words again and again ".repeat(40));
    Backend backend = backend(ProfileFixtures.h100Llama8b(), Map.of());
    for (int i = 0; i < 2; i++) {
      RecordingSink next = new RecordingSink();
      backend.start(generation(prompt, Sampling.upTo(10), 5), next).request(ALL);
      clock.settle();
      clock.advance(1_000_000_000L);
      assertThat(next.awaitCompletion().inputTokens()).isEqualTo(310);
      assertThat(next.awaitCompletion().cachedInputTokens()).isEqualTo(i == 0 ? 0 : 304);
    }
  }

  @Test
  void closingFailsWhatRunsAndRefusesWhatComes() {
    Backend backend = slots(1);
    backend.start(generation(10, 100), sink).request(ALL);
    clock.settle();
    backend.close();
    clock.settle();
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Broke.class);
    assertThat(backend.reachable()).isFalse();
    assertThat(clock.settle()).isEqualTo(EngineClock.NEVER);
    RecordingSink late = new RecordingSink();
    backend.start(generation(10, 100), late);
    clock.settle();
    assertThat(late.awaitFailure()).isInstanceOf(BackendFailure.NeverSent.class);
  }

  private Backend slots(int slots) {
    return backend(ProfileFixtures.fast(slots), Map.of());
  }

  private Backend backend(Profile profile, Map<String, Object> settings) {
    BackendSpec spec = new BackendSpec("b", "m", profile, new HashMap<>(settings));
    return new EmulatedBackendFactory().create(spec, clock.engines);
  }

  private static Generation generation(int expectedOutputTokens, int maxOutputTokens) {
    return generation(
        PROMPT,
        new Sampling(maxOutputTokens, null, null, null, 7L, List.of()),
        expectedOutputTokens);
  }

  private static Generation generation(Prompt prompt, Sampling sampling, int expectedOutputTokens) {
    return new Generation(
        "r", "m", prompt, sampling, new Generation.Terms(0, 0, 0, 0, "", "", expectedOutputTokens));
  }

  private static final class ThrowingSink implements TokenSink {
    @Override
    public void tokens(TokenChunk chunk) {
      throw new IllegalStateException("a sink that breaks its promise");
    }

    @Override
    public void finished(Completion completion) {}

    @Override
    public void failed(BackendFailure failure) {}
  }
}
