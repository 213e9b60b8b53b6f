package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {

  private static final String SMALLEST =
      """
      models:
        - name: llama-3.3-70b
          context_tokens: 8192
      fleet:
        - id: gpu
          kind: emulated
          model: llama-3.3-70b
          profile: h100x4-llama-3.3-70b
      """;

  private final ConfigLoader loader = ConfigLoader.ofThisProcess();

  @Test
  void theShippedFileIsGood() {
    GatewayConfig config = loaded(ConfigLoader.shipped());
    assertThat(config.fleet()).hasSize(9);
    assertThat(config.models()).extracting(GatewayConfig.Model::name).contains("llama-3.1-8b");
    assertThat(config.fleet().getFirst().id()).isEqualTo("gpu-70b-1");
  }

  @Test
  void whatIsLeftOutHasItsDefault() {
    GatewayConfig config = loaded(loader.parse("f", SMALLEST));
    assertThat(config.listeners())
        .isEqualTo(
            new GatewayConfig.Listeners(
                new GatewayConfig.Address("127.0.0.1", 8980),
                new GatewayConfig.Address("127.0.0.1", 8982)));
    assertThat(config.policy()).isEqualTo(new GatewayConfig.Policy("cheapest-adequate"));
    assertThat(config.limits())
        .isEqualTo(
            new GatewayConfig.Limits(
                4 << 20, 16 << 10, 10_000, Duration.ofMinutes(10), Duration.ofMinutes(2)));
    assertThat(config.serviceClasses()).isEmpty();
    GatewayConfig.Model model = config.models().getFirst();
    assertThat(model.aliases()).isEmpty();
    assertThat(model.maxOutputTokens()).isEqualTo(1024);
    assertThat(model.serviceClass()).isNull();
    assertThat(model.budget()).isEqualTo(GatewayConfig.Budget.NONE);
    assertThat(config.fleet().getFirst().region()).isNull();
    assertThat(config.fleet().getFirst().settings()).isEmpty();
  }

  @Test
  void everyKeyIsRead() {
    GatewayConfig config =
        loaded(
            loader.parse(
                "f",
                """
                listeners: {grpc: '[::1]:0', admin: localhost:1}
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
                    profile: groq-lpu-llama-3.3-70b
                    price: {per_hour: 1, per_million_input: 2, per_million_output: 3}
                    settings: {slots: 5, noise: 0.1}
                    count: 2
                policy: {name: round-robin}
                limits: {max_message: 1MiB, max_metadata: 8KiB, max_in_flight: 5, max_total: 1h, drain: 1s}
                """));
    assertThat(config.listeners().grpc()).hasToString("[::1]:0");
    assertThat(config.models().getFirst().aliases()).containsExactly("a", "b");
    assertThat(config.models().getFirst().budget())
        .isEqualTo(
            new GatewayConfig.Budget(
                Duration.ofMillis(1500), Duration.ofNanos(250_000), Duration.ofMinutes(2)));
    assertThat(config.serviceClasses().getFirst().value()).isEqualTo(2.5);
    assertThat(config.serviceClasses().getFirst().criticality())
        .isEqualTo(GatewayConfig.Criticality.SHEDDABLE);
    assertThat(config.fleet())
        .extracting(GatewayConfig.BackendEntry::id)
        .containsExactly("lpu-1", "lpu-2");
    assertThat(config.fleet().getFirst().settings())
        .containsEntry("slots", 5L)
        .containsEntry("noise", 0.1);
    assertThat(config.fleet().getFirst().profile())
        .isNotNull()
        .satisfies(profile -> assertThat(profile.price().perMillionOutputUsd()).isEqualTo(3));
    assertThat(config.policy().name()).isEqualTo("round-robin");
    assertThat(config.limits().maxMessageBytes()).isEqualTo(1 << 20);
    assertThat(config.limits().maxTotal()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void tenMistakesAreNamedAtOnceEachWithItsPlace() {
    List<String> problems =
        faulty(
            """
            listeners: {grpc: 8980}
            modells: []
            models:
              - name: llama 70b
                context_tokens: -1
                budget: {ttft: 300}
            service_classes:
              - {name: chat, value: NaN, criticality: urgent}
            fleet:
              - id: gpu
                kind: emulatd
                model: llama-3.3-70b
                profile: h100x4-llama-3.3-70b
                count: 0
            policy: {name: round-robbin}
            """);
    assertThat(problems)
        .containsExactly(
            "f:1:19: listeners.grpc: '8980' (expected: HOST:PORT with a port of 0..65535, IPv6 in"
                + " brackets)",
            "f:2:1: unknown key 'modells' (did you mean 'models'?)",
            "f:4:11: models[0].name: 'llama 70b' (expected: 1 to 128 characters of A-Z a-z 0-9 . _"
                + " : / -)",
            "f:5:21: models[0].context_tokens: '-1' (expected: a whole number of 1..100000000)",
            "f:6:20: models[0].budget.ttft: '300' (expected: a length of time above zero with us,"
                + " ms, s, m or h, such as 300ms)",
            "f:8:25: service_classes[0].value: 'NaN' (expected: a number above 0)",
            "f:8:43: service_classes[0].criticality: 'urgent' (expected: one of critical_plus,"
                + " critical, sheddable_plus, sheddable)",
            "f:11:11: fleet[0].kind: 'emulatd' (did you mean 'emulated'?)",
            "f:14:12: fleet[0].count: '0' (expected: a whole number of 1..1000)",
            "f:15:16: policy.name: 'round-robbin' (did you mean 'round-robin'?)");
  }

  @Test
  void namesThatReferToNothingAreFoundWithTheNearestOne() {
    List<String> problems =
        faulty(
            """
            models:
              - {name: llama-3.3-70b, context_tokens: 8192, service_class: chatt}
              - {name: qwen3-8b, context_tokens: 8192}
            service_classes:
              - {name: chat}
              - {name: chat}
            fleet:
              - {id: a, kind: emulated, model: llama-3.3-70b, profile: h100x4-llama-3.3-70}
              - {id: a, kind: emulated, model: llama-3.3-7b, profile: h100x4-llama-3.3-70b}
              - {id: b, kind: emulated, model: llama-3.3-70b}
            """);
    assertThat(problems)
        .containsExactly(
            "f:2:64: service class 'chatt' does not exist (did you mean 'chat'?)",
            "f:3:12: model 'qwen3-8b': no backend serves it (expected: an entry of fleet with this"
                + " model)",
            "f:6:12: service class 'chat' is there twice (first in line 5)",
            "f:8:60: fleet[0].profile: 'h100x4-llama-3.3-70' does not exist (did you mean"
                + " 'h100x4-llama-3.3-70b'?)",
            "f:9:10: backend 'a' is there twice (first in line 8)",
            "f:9:36: fleet[1].model: 'llama-3.3-7b' is no name under models (did you mean"
                + " 'llama-3.3-70b'?)",
            "f:9:59: fleet[1].profile: 'h100x4-llama-3.3-70b' is for model llama-3.3-70b (expected:"
                + " one for llama-3.3-7b)",
            "f:10:5: fleet[2]: 'profile' is missing (it says what to expect of the backend; see"
                + " sluice-accelerator profiles)");
  }

  @Test
  void settingsAreThoseOfTheKind() {
    assertThat(faulty(SMALLEST.stripTrailing() + "\n    settings: {slotz: 3, noise: loud}\n"))
        .containsExactly(
            "f:9:16: fleet[0].settings: unknown key 'slotz' (did you mean 'slots'?)",
            "f:9:33: fleet[0].settings.noise: 'loud' (expected: a number)");
  }

  @Test
  void aKeyThatIsThereTwiceIsAMistake() {
    assertThat(faulty(SMALLEST + "fleet: []\n")).containsExactly("f:9:1: 'fleet' is there twice");
  }

  @Test
  void brokenSyntaxIsNamedWithItsPlace() {
    assertThat(faulty("models: [\nfleet: }").getFirst()).startsWith("f:2:");
    assertThat(faulty(""))
        .containsExactly("f:1:1: empty (expected: an object with models and fleet)");
    assertThat(faulty("- a")).containsExactly("f:1:1: a list (expected: an object with keys)");
  }

  @Test
  void aFileThatIsNotThereOrNotUtf8OrTooLargeIsNamed(@TempDir Path dir) throws Exception {
    assertThat(problems(ConfigLoader.load(dir.resolve("none.yaml"))).getFirst())
        .endsWith("none.yaml:1:1: no such file");
    Path latin = Files.write(dir.resolve("latin.yaml"), new byte[] {'a', (byte) 0xe9, '\n'});
    assertThat(problems(ConfigLoader.load(latin)).getFirst()).endsWith(":1:1: not UTF-8");
    Path large = Files.write(dir.resolve("large.yaml"), new byte[(4 << 20) + 1]);
    assertThat(problems(ConfigLoader.load(large)).getFirst()).contains("larger than");
  }

  @Test
  void aliasesDoNotExplode() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(10)));
    }
    assertThat(faulty(bomb.toString())).isNotEmpty();
  }

  @Test
  void aMutatedFileIsGoodOrFaultyButNeverAnException() throws Exception {
    byte[] shipped = Files.readAllBytes(Path.of("conf/sluice.yaml"));
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 300; i++) {
      byte[] mutated = shipped.clone();
      for (int j = random.nextInt(1, 6); j > 0; j--) {
        mutated[random.nextInt(mutated.length)] =
            (byte) "\n :-[]{}&*#'\"0aZ,|>%@".charAt(random.nextInt(21));
      }
      ConfigLoader.Result result =
          loader.parse("mutated", new String(mutated, StandardCharsets.UTF_8));
      assertThat(result).as("mutation %d", i).isNotNull();
    }
  }

  private List<String> faulty(String text) {
    return problems(loader.parse("f", text));
  }

  private static List<String> problems(ConfigLoader.Result result) {
    assertThat(result).isInstanceOf(ConfigLoader.Faulty.class);
    return ((ConfigLoader.Faulty) result).problems().stream().map(ConfigProblem::toString).toList();
  }

  private static GatewayConfig loaded(ConfigLoader.Result result) {
    if (result instanceof ConfigLoader.Faulty(List<ConfigProblem> problems)) {
      throw new AssertionError(problems.toString());
    }
    return ((ConfigLoader.Loaded) result).config();
  }
}
