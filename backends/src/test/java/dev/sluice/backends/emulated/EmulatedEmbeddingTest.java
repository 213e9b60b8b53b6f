package dev.sluice.backends.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected.Kind;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.RecordingSink;
import dev.sluice.backends.Sampling;
import dev.sluice.backends.Task;
import dev.sluice.backends.emulated.model.ProfileFixtures;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import dev.sluice.backends.profile.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings on a clock that is turned by hand. */
final class EmulatedEmbeddingTest {

  private static final long MILLIS = 1_000_000;
  private static final int DIMENSIONS = 16;

  private final HandTurnedClock clock = new HandTurnedClock();
  private final RecordingSink sink = new RecordingSink();

  @Test
  void vectorsTakeAsLongAsThePrefillOfTheirInputs() {
    embed(steps(4), texts(1, 400)); // 100 tokens: a step of 10 ms, and 0.1 ms for each token
    clock.advance(20 * MILLIS - 1);
    assertThat(sink.ends()).isZero();
    clock.advance(1);
    assertThat(sink.awaitCompletion()).isEqualTo(new Completion(Completion.Reason.STOP, 100, 1, 0));
  }

  @Test
  void shortInputsShareSteps() {
    embed(steps(4), texts(300, 4)); // 300 tokens, far more inputs than places
    clock.advance(40 * MILLIS - 1);
    assertThat(sink.ends()).isZero();
    clock.advance(1);
    assertThat(sink.awaitCompletion().inputTokens()).isEqualTo(300);
    assertThat(sink.vectors().count()).isEqualTo(300);
  }

  @Test
  void moreThanTheContextTogetherIsSeveralPrompts() {
    Profile profile = Profiles.find("l40s-qwen3-embedding-0.6b").orElseThrow();
    embed(profile, texts(5, 4 * 20_000)); // of 32,768 tokens of context
    clock.advance(3_600_000 * MILLIS);
    assertThat(sink.awaitCompletion().inputTokens()).isEqualTo(100_000);
  }

  @Test
  void equalTextsHaveEqualVectorsOnAllHardware() {
    embed(Profiles.find("l40s-qwen3-embedding-0.6b").orElseThrow(), List.of("a text"));
    clock.advance(3_600_000 * MILLIS);
    sink.awaitCompletion();
    RecordingSink other = new RecordingSink();
    backend(Profiles.find("xeon-qwen3-embedding-0.6b").orElseThrow())
        .embed(embedding(List.of("a text"), 0), other)
        .request(1);
    clock.settle();
    clock.advance(3_600_000 * MILLIS);
    other.awaitCompletion();
    assertThat(other.vectors().values()).hasSize(1024).isEqualTo(sink.vectors().values());
  }

  @Test
  void aCancelledEmbeddingFreesItsPlace() {
    Backend backend = backend(ProfileFixtures.embedding(ProfileFixtures.fast(1), DIMENSIONS));
    RecordingSink cancelled = new RecordingSink();
    BackendCall call = backend.embed(embedding(texts(1, 400_000), 0), cancelled);
    clock.settle();
    call.cancel();
    backend.embed(embedding(texts(1, 4), 0), sink).request(1);
    clock.settle();
    clock.advance(MILLIS); // the first would have taken ten
    sink.awaitCompletion();
    assertThat(cancelled.ends()).isZero();
  }

  @Test
  void closingFailsWhatRuns() {
    Backend backend = backend(steps(4));
    backend.embed(embedding(texts(1, 400), 0), sink).request(1);
    clock.settle();
    backend.close();
    clock.settle();
    assertThat(sink.awaitFailure()).isInstanceOf(BackendFailure.Broke.class);
  }

  @Test
  void anInputBeyondTheContextIsRefused() {
    embed(Profiles.find("l40s-qwen3-embedding-0.6b").orElseThrow(), texts(1, 4 * 32_768 + 1));
    assertThat(rejection().kind()).isEqualTo(Kind.INVALID);
    assertThat(rejection().detail()).contains("input tokens: 32769 (expected: at most 32768)");
  }

  @Test
  void aModelThatGeneratesDoesNotEmbed() {
    embed(ProfileFixtures.fast(1), List.of("a text"));
    assertThat(rejection().kind()).isEqualTo(Kind.MISCONFIGURED);
  }

  @Test
  void aModelThatEmbedsDoesNotGenerate() {
    Generation generation =
        new Generation(
            "r", "m", new Prompt.Text("a text"), Sampling.upTo(3), Generation.Terms.NONE);
    backend(steps(4)).start(generation, sink).request(1);
    clock.settle();
    assertThat(rejection().kind()).isEqualTo(Kind.MISCONFIGURED);
    assertThat(rejection().detail()).contains("embeds and does not generate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"xeon", "ascend-910b", "l40s", "h100"})
  void theProfilesOfAnEmbeddingModelSayThatTheyEmbed(String hardware) {
    BackendSpec spec = spec(Profiles.find(hardware + "-qwen3-embedding-0.6b").orElseThrow());
    assertThat(new EmulatedBackendFactory().tasks(spec)).containsExactly(Task.EMBED);
  }

  private void embed(Profile profile, List<String> texts) {
    backend(profile).embed(embedding(texts, 0), sink).request(1);
    clock.settle();
  }

  private BackendFailure.Rejected rejection() {
    return (BackendFailure.Rejected) sink.awaitFailure();
  }

  private static Profile steps(int places) {
    return ProfileFixtures.embedding(
        ProfileFixtures.limited(new Service.BatchLimits(512, places, 100_000, 16, false)),
        DIMENSIONS);
  }

  private Backend backend(Profile profile) {
    return new EmulatedBackendFactory().create(spec(profile), clock.engines);
  }

  private static BackendSpec spec(Profile profile) {
    return new BackendSpec("b", "m", profile, Map.of());
  }

  private static Embedding embedding(List<String> texts, int dimensions) {
    List<Prompt.Input> inputs = new ArrayList<>();
    texts.forEach(text -> inputs.add(new Prompt.Text(text)));
    return new Embedding("r", "m", inputs, dimensions, Generation.Terms.NONE);
  }

  private static List<String> texts(int count, int characters) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add("x".repeat(characters));
    }
    return texts;
  }
}
