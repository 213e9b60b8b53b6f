package dev.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the shipped kinds of backends find wrong with their settings is named like all else. */
final class SettingProblemsTest {

  private static final String MODELS =
      """
      models:
        - {name: llama-3.3-70b, context_tokens: 8192}
      fleet:
      """;

  @Test
  void valuesThatAKindCannotUseAreNamedAtOnceEachWithItsPlace() {
    assertThat(
            problems(
                """
                  - id: lpu
                    kind: emulated
                    model: llama-3.3-70b
                    profile: groq-lpu-llama-3.3-70b
                    settings: {slots: 0, noise: 0.75}
                  - id: far
                    kind: sluice
                    model: llama-3.3-70b
                    profile: h100x4-llama-3.3-70b
                    settings:
                      address: nowhere
                      keepalive: 1s
                      connections: 0
                """))
        .containsExactly(
            "f:8:23: fleet[0].settings.slots: '0' (expected: 1 to 2147483647)",
            "f:8:33: fleet[0].settings.noise: '0.75' (expected: 0 to 0.5)",
            "f:14:16: fleet[1].settings.address: 'nowhere' (expected: HOST:PORT)",
            "f:15:18: fleet[1].settings.keepalive: '1s' (expected: at least 10s)",
            "f:16:20: fleet[1].settings.connections: '0' (expected: 1 to 64)");
  }

  @Test
  void theyAreNamedBesideMistakesOfEveryOtherSort() {
    assertThat(
            problems(
                """
                  - id: 'l p u'
                    kind: emulated
                    model: llama-3.3-70b
                    profile: groq-lpu-llama-3.3-7b
                    settings: {slots: 0, noise: loud, sped: 2}
                  - id: far
                    kind: sluice
                    model: llama-3.3-70b
                    profile: h100x4-llama-3.3-70b
                    settings: {connections: 65}
                policy: {name: round-robbin}
                """))
        .satisfiesExactly(
            problem -> assertThat(problem).startsWith("f:4:9: fleet[0].id: 'l p u' (expected: "),
            problem -> assertThat(problem).startsWith("f:7:14: fleet[0].profile: "),
            problem ->
                assertThat(problem)
                    .isEqualTo("f:8:23: fleet[0].settings.slots: '0' (expected: 1 to 2147483647)"),
            problem ->
                assertThat(problem)
                    .isEqualTo("f:8:33: fleet[0].settings.noise: 'loud' (expected: a number)"),
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "f:8:39: fleet[0].settings: unknown key 'sped' (did you mean 'speed'?)"),
            problem ->
                assertThat(problem)
                    .startsWith("f:13:15: fleet[1].settings: 'address' is missing ("),
            problem ->
                assertThat(problem)
                    .isEqualTo("f:13:29: fleet[1].settings.connections: '65' (expected: 1 to 64)"),
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "f:14:16: policy.name: 'round-robbin' (did you mean 'round-robin'?)"));
  }

  @Test
  void aSettingIsHeldAgainstTheProfileToo() {
    assertThat(
            problems(
                """
                  - id: gpu
                    kind: emulated
                    model: llama-3.3-70b
                    profile: h100x4-llama-3.3-70b
                    settings: {slots: 4}
                """))
        .containsExactly(
            "f:8:23: fleet[0].settings.slots: '4' (expected: not set, because profile"
                + " h100x4-llama-3.3-70b serves in batches)");
  }

  @Test
  void anEnginesMistakesAreNamedAndNoSecretIsRepeated() {
    assertThat(
            problems(
                """
                  - id: cpu
                    kind: openai
                    model: llama-3.3-70b
                    profile: xeon-llama-3.3-70b
                    settings:
                      base_url: 127.0.0.1:8080
                      preset: lama.cpp
                      api_key_file: /no/such/file
                  - id: far
                    kind: openai
                    model: llama-3.3-70b
                    profile: groq-lpu-llama-3.3-70b
                    settings: {base_url: 'https://api.groq.com/openai/v1', preset: groq, continuation: exact, api_key: sk-1}
                  - id: there
                    kind: openai
                    model: llama-3.3-70b
                    profile: groq-lpu-llama-3.3-70b
                    settings: {base_url: 'http://me:hunter2@host/v1'}
                """))
        .containsExactly(
            "f:9:17: fleet[0].settings.base_url: '127.0.0.1:8080' (expected:"
                + " http://HOST[:PORT][/PATH] or https://, nothing else in it)",
            "f:10:15: fleet[0].settings.preset: 'lama.cpp' (did you mean 'llama.cpp'?)",
            "f:11:21: fleet[0].settings.api_key_file: '/no/such/file' (expected: a file that can"
                + " be read)",
            "f:16:88: fleet[1].settings.continuation: 'exact' (expected: none, because groq cannot"
                + " go on with a text)",
            "f:16:95: fleet[1].settings: unknown key 'api_key' (expected: one of base_url, preset,"
                + " upstream_model, api_key_file, api_key_env, ca_file, continuation, tools,"
                + " json_object, json_schema, metrics)",
            "f:21:26: fleet[2].settings.base_url: (not shown) (expected:"
                + " http://HOST[:PORT][/PATH] or https://, nothing else in it)");
  }

  @Test
  void severalBackendsAlikeHaveOneMistake() {
    assertThat(
            problems(
                """
                  - id: lpu
                    kind: emulated
                    model: llama-3.3-70b
                    profile: groq-lpu-llama-3.3-70b
                    count: 3
                    settings: {speed: 1e-320}
                """))
        .containsExactly(
            "f:9:23: fleet[0].settings.speed: '1e-320' (expected: 0.000001 to 1000000)");
  }

  private static List<String> problems(String fleet) {
    return ConfigFixtures.problems(
        ConfigLoader.ofThisProcess(Path.of("")).parse("f", MODELS + fleet));
  }
}
