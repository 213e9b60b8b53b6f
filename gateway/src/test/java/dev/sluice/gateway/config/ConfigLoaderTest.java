package dev.sluice.gateway.config;

import static dev.sluice.gateway.config.ConfigFixtures.SMALLEST;
import static dev.sluice.gateway.config.ConfigFixtures.good;
import static dev.sluice.gateway.config.ConfigFixtures.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read, and what stands for that which is left out. */
final class ConfigLoaderTest {

  private static final String EVERY_KEY =
      """
      listeners: {grpc: '[::1]:0', http: localhost:2, admin: localhost:1}
      models:
        - name: llama-3.3-70b
          aliases: [a, b]
          context_tokens: 9000
          max_output_tokens: 7
          service_class: quick
          budget: {ttft: 1.5s, tpot: 250us, total: 2m}
      service_classes:
        - {name: quick, budget: {ttft: 100ms}, value: 2.5, criticality: sheddable}
      fleet:
        - id: lpu
          kind: emulated
          model: llama-3.3-70b
          region: eu
          vendor: nvidia
          link: 40ms
          tenants: [blue, 7]
          profile: groq-lpu-llama-3.3-70b
          price: {per_hour: 1, per_million_input: 2, per_million_output: 3}
          settings: {slots: 5, noise: 0.1}
          count: 2
      policy: {name: round-robin, vendor_share: {nvidia: 0.6}, power_cap: 1.5kW}
      limits: {max_message: 1MiB, max_metadata: 8KiB, max_in_flight: 5, max_in_flight_per_backend: 3, max_total: 1h, drain: 1s, tenant_streams: 32,
               tenant_tokens_per_minute: 100000}
      """;

  @Test
  void whatIsLeftOutHasItsDefault() {
    GatewayConfig config = good(SMALLEST);
    assertThat(config.listeners().grpc()).hasToString("127.0.0.1:8980");
    assertThat(config.listeners().http()).hasToString("127.0.0.1:8981");
    assertThat(config.listeners().admin()).hasToString("127.0.0.1:8982");
    assertThat(config.policy())
        .isEqualTo(new GatewayConfig.Policy("bid-price", Map.of(), Double.POSITIVE_INFINITY));
    assertThat(config.limits())
        .isEqualTo(
            new GatewayConfig.Limits(
                4 << 20,
                16 << 10,
                10_000,
                1_024,
                Duration.ofMinutes(10),
                Duration.ofMinutes(2),
                GatewayConfig.TenantLimits.NONE));
    assertThat(config.serviceClasses()).isEmpty();
    assertThat(config.models())
        .containsExactly(
            new GatewayConfig.Model(
                "llama-3.3-70b", List.of(), 8192, 1024, null, GatewayConfig.Budget.NONE));
  }

  @Test
  void anEntryOfTheFleetThatSaysLittleHasTheProfilesPrice() {
    GatewayConfig.BackendEntry entry = good(SMALLEST).fleet().getFirst();
    assertThat(entry.id()).isEqualTo("gpu");
    assertThat(entry.place()).isEqualTo(new GatewayConfig.Place(null, "NVIDIA", Duration.ZERO));
    assertThat(entry.tenants()).isEmpty();
    assertThat(entry.settings()).isEmpty();
    assertThat(entry.profile())
        .isNotNull()
        .satisfies(profile -> assertThat(profile.price().perHourUsd()).isPositive());
  }

  @Test
  void aClassThatSaysLittleIsCriticalAndWorthOne() {
    assertThat(good(SMALLEST + "service_classes: [{name: plain}]\n").serviceClasses())
        .containsExactly(
            new GatewayConfig.ServiceClass(
                "plain", GatewayConfig.Budget.NONE, 1, GatewayConfig.Criticality.CRITICAL));
  }

  @Test
  void everyKeyOfListenersModelsAndClassesIsRead() {
    GatewayConfig config = good(EVERY_KEY);
    assertThat(config.listeners())
        .isEqualTo(
            new GatewayConfig.Listeners(
                new GatewayConfig.Address("::1", 0),
                new GatewayConfig.Address("localhost", 2),
                new GatewayConfig.Address("localhost", 1)));
    assertThat(config.models())
        .containsExactly(
            new GatewayConfig.Model(
                "llama-3.3-70b",
                List.of("a", "b"),
                9000,
                7,
                "quick",
                new GatewayConfig.Budget(
                    Duration.ofMillis(1500), Duration.ofNanos(250_000), Duration.ofMinutes(2))));
    assertThat(config.serviceClasses())
        .containsExactly(
            new GatewayConfig.ServiceClass(
                "quick",
                new GatewayConfig.Budget(Duration.ofMillis(100), null, null),
                2.5,
                GatewayConfig.Criticality.SHEDDABLE));
  }

  @Test
  void everyKeyOfFleetPolicyAndLimitsIsRead() {
    GatewayConfig config = good(EVERY_KEY);
    assertThat(config.fleet())
        .extracting(GatewayConfig.BackendEntry::id)
        .containsExactly("lpu-1", "lpu-2");
    GatewayConfig.BackendEntry entry = config.fleet().getLast();
    assertThat(entry.kind()).isEqualTo("emulated");
    assertThat(entry.model()).isEqualTo("llama-3.3-70b");
    assertThat(entry.place())
        .isEqualTo(new GatewayConfig.Place("eu", "nvidia", Duration.ofMillis(40)));
    assertThat(entry.tenants()).containsExactly("blue", "7");
    assertThat(entry.settings()).containsEntry("slots", 5L).containsEntry("noise", 0.1);
    assertThat(entry.profile())
        .isNotNull()
        .satisfies(profile -> assertThat(profile.name()).isEqualTo("groq-lpu-llama-3.3-70b"))
        .satisfies(profile -> assertThat(profile.price().perHourUsd()).isEqualTo(1))
        .satisfies(profile -> assertThat(profile.price().perMillionInputUsd()).isEqualTo(2))
        .satisfies(profile -> assertThat(profile.price().perMillionOutputUsd()).isEqualTo(3));
    assertThat(config.policy())
        .isEqualTo(new GatewayConfig.Policy("round-robin", Map.of("nvidia", 0.6), 1500));
    assertThat(config.limits())
        .isEqualTo(
            new GatewayConfig.Limits(
                1 << 20,
                8 << 10,
                5,
                3,
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                new GatewayConfig.TenantLimits(32, 100_000)));
  }

  @Test
  void settingsAreTypedAsTheirKindDeclaresThem() {
    String entry =
        """
          - id: far
            kind: remote
            model: llama-3.3-70b
            profile: h100x4-llama-3.3-70b
            settings:
              {address: 'h:1', mode: tls, keepalive: 1.5s, connections: 2, weight: 1, verify: true}
        """;
    assertThat(good(SMALLEST + entry).fleet().getLast().settings())
        .hasSize(6)
        .containsEntry("address", "h:1")
        .containsEntry("mode", "tls")
        .containsEntry("keepalive", 1_500_000_000L)
        .containsEntry("connections", 2L)
        .containsEntry("weight", 1.0)
        .containsEntry("verify", true);
  }

  @Test
  void howAnEngineIsStartedIsReadWithTheBackendThatAsksIt() {
    String entry =
        """
          - id: far
            kind: remote
            model: llama-3.3-70b
            profile: h100x4-llama-3.3-70b
            settings: {address: 'h:1'}
            start: {command: [serve, -m, 7, true], files: [m.gguf], log: far.log, install: pip}
        """;
    assertThat(good(SMALLEST).engines()).isEmpty();
    assertThat(good(SMALLEST + entry).engines())
        .containsExactly(
            new GatewayConfig.Engine(
                "far",
                new GatewayConfig.Start(
                    new GatewayConfig.Cited("serve", "f:14:23: fleet[1].start.command[0]"),
                    List.of("-m", "7", "true"),
                    List.of(new GatewayConfig.Cited("m.gguf", "f:14:52: fleet[1].start.files[0]")),
                    "far.log",
                    "pip")));
    assertThat(
            good(SMALLEST + entry.replaceAll("start: .*", "start: {command: [serve]}")).engines())
        .containsExactly(
            new GatewayConfig.Engine(
                "far",
                new GatewayConfig.Start(
                    new GatewayConfig.Cited("serve", "f:14:23: fleet[1].start.command[0]"),
                    List.of(),
                    List.of(),
                    null,
                    null)));
  }

  @Test
  void aKindThatNeedsNoProfileMayBorrowThatOfAnotherModel() {
    String text =
        """
        models: [{name: my-fine-tune, context_tokens: 8192}]
        fleet:
          - id: far
            kind: remote
            model: my-fine-tune
            profile: h100x4-llama-3.3-70b
            settings: {address: 'h:1'}
        """;
    assertThat(good(text).fleet()).hasSize(1);
  }

  @Test
  void aByteOrderMarkAndCarriageReturnsDoNotMatter() {
    assertThat(good('\uFEFF' + SMALLEST.replace("\n", "\r\n"))).isEqualTo(good(SMALLEST));
  }

  @Test
  void anchorsSpareRepetition() {
    String text =
        SMALLEST
            + "service_classes:\n  - {name: a, budget: &b {ttft: 1s}}\n  - {name: c, budget: *b}\n";
    assertThat(good(text).serviceClasses())
        .extracting(serviceClass -> serviceClass.budget().timeToFirstToken())
        .containsOnly(Duration.ofSeconds(1));
  }

  @Test
  void aFileIsReadFromItsPath(@TempDir Path dir) throws Exception {
    Path file = Files.writeString(dir.resolve("sluice.yaml"), SMALLEST);
    assertThat(good(ConfigLoader.load(file)).fleet()).hasSize(1);
  }

  @Test
  void aFileThatCannotBeReadIsNamedWithTheReason(@TempDir Path dir) throws Exception {
    assertThat(problems(ConfigLoader.load(dir.resolve("none.yaml"))))
        .containsExactly(dir.resolve("none.yaml") + ":1:1: no such file");
    assertThat(problems(ConfigLoader.load(dir)).getFirst())
        .endsWith(":1:1: a directory (expected: a file)");
    Path latin = Files.write(dir.resolve("latin.yaml"), new byte[] {'a', (byte) 0xe9, '\n'});
    assertThat(problems(ConfigLoader.load(latin)).getFirst()).endsWith(":1:1: not UTF-8");
    Path large = Files.write(dir.resolve("large.yaml"), new byte[(1 << 20) + 1]);
    assertThat(problems(ConfigLoader.load(large)).getFirst())
        .endsWith(":1:1: larger than 1048576 bytes (expected: at most those)");
  }
}
