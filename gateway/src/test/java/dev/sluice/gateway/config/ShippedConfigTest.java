package dev.sluice.gateway.config;

import static dev.sluice.gateway.config.ConfigFixtures.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Continuation;
import dev.sluice.backends.profile.AcceleratorKind;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file that people copy. */
final class ShippedConfigTest {

  /** Of a sequence: the context at which the steps of GPUs were measured. */
  private static final long CONTEXT_TOKENS = 700;

  private final GatewayConfig config = good(ConfigLoader.shipped());

  @Test
  void itHasThreeModelsOnFiveKindsOfHardwareInTwoRegions() {
    assertThat(config.models())
        .extracting(GatewayConfig.Model::name)
        .containsExactlyInAnyOrder("llama-3.1-8b", "llama-3.3-70b", "qwen3-embedding-0.6b");
    assertThat(config.fleet())
        .extracting(entry -> profile(entry).deployment().kind())
        .contains(
            AcceleratorKind.GPU,
            AcceleratorKind.LPU,
            AcceleratorKind.WAFER,
            AcceleratorKind.NPU,
            AcceleratorKind.CPU);
    assertThat(config.fleet())
        .extracting(entry -> entry.place().region())
        .contains("eu-west", "us-east");
    assertThat(config.fleet())
        .extracting(GatewayConfig.BackendEntry::kind)
        .containsOnly("emulated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-3.1-8b", "llama-3.3-70b"})
  void theFastTierIsAboutATenthOfTheTokenCapacity(String model) {
    double fast = tokensPerSecond(model, false);
    double all = fast + tokensPerSecond(model, true);
    assertThat(fast / all).isBetween(0.08, 0.13);
  }

  @Test
  void itHasTheFourClassesThatExamplesUse() {
    assertThat(budget("coding")).isEqualTo(milliseconds(500, 10));
    assertThat(budget("interactive")).isEqualTo(milliseconds(450, 40));
    assertThat(budget("relaxed")).isEqualTo(milliseconds(2000, 100));
    assertThat(budget("batch"))
        .isEqualTo(new GatewayConfig.Budget(null, null, Duration.ofMinutes(10)));
  }

  @Test
  void theMixedFleetHasRealEnginesThatGoOnExactlyBesideEmulatedOnes() throws IOException {
    String file = "conf/mixed.yaml";
    GatewayConfig mixed =
        good(ConfigLoader.ofThisProcess(Path.of("")).parse(file, Files.readString(Path.of(file))));
    assertThat(mixed.fleet())
        .filteredOn(entry -> entry.kind().equals("openai"))
        .hasSize(2)
        .allSatisfy(
            entry -> assertThat(entry.skills().continuation()).isEqualTo(Continuation.EXACT));
    assertThat(mixed.engines())
        .extracting(GatewayConfig.Engine::backend)
        .containsExactly("cpu-two-threads", "cpu-one-thread");
    assertThat(mixed.fleet())
        .extracting(entry -> profile(entry).deployment().kind())
        .contains(
            AcceleratorKind.CPU, AcceleratorKind.GPU, AcceleratorKind.LPU, AcceleratorKind.WAFER);
  }

  private GatewayConfig.Budget budget(String name) {
    return config.serviceClasses().stream()
        .filter(serviceClass -> serviceClass.name().equals(name))
        .findFirst()
        .orElseThrow()
        .budget();
  }

  private static GatewayConfig.Budget milliseconds(long firstToken, long perToken) {
    return new GatewayConfig.Budget(
        Duration.ofMillis(firstToken), Duration.ofMillis(perToken), null);
  }

  private double tokensPerSecond(String model, boolean batched) {
    return config.fleet().stream()
        .filter(entry -> entry.model().equals(model))
        .filter(entry -> profile(entry).service() instanceof Service.Batch == batched)
        .mapToDouble(ShippedConfigTest::tokensPerSecond)
        .sum();
  }

  private static double tokensPerSecond(GatewayConfig.BackendEntry entry) {
    return switch (profile(entry).service()) {
      case Service.Batch batch -> {
        int sequences = batch.limits().maxSequences();
        yield sequences * 1e9 / batch.stepNanos(sequences, sequences * CONTEXT_TOKENS, 0);
      }
      case Service.Slots slots ->
          entry.settings().get("slots") instanceof Long own
              ? own * 1e9 / slots.tokenNanos()
              : slots.slots() * 1e9 / slots.tokenNanos();
    };
  }

  private static Profile profile(GatewayConfig.BackendEntry entry) {
    return Objects.requireNonNull(entry.profile());
  }
}
