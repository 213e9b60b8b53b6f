package dev.sluice.backends.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backends.Ability;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiBackendFactoryTest {

  private static final String URL = "http://127.0.0.1:8080/v1";

  private final OpenAiBackendFactory factory = new OpenAiBackendFactory();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nowhere",
        "ftp://a/v1",
        "http://",
        "http:///v1",
        "http://user:pass@a/v1",
        "http://a/v1?key=1",
        "http://a/v1#x",
        "http://a:0/v1",
        "http://a:65536/v1",
        "http://a b/v1",
      })
  void aUrlThatIsNoneIsInvalidAndNotRepeated(String url) {
    assertThat(factory.check(spec(Map.of("base_url", url))))
        .singleElement()
        .satisfies(
            invalid -> {
              assertThat(invalid.name()).isEqualTo("base_url");
              assertThat(invalid.toString()).doesNotContain("pass");
            });
    assertThatThrownBy(() -> factory.create(spec(Map.of("base_url", url))))
        .isInstanceOf(InvalidSettingException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080/v1, /v1/chat/completions, /metrics",
    "http://[::1]:8080/v1/, /v1/chat/completions, /metrics",
    "https://api.groq.com/openai/v1, /openai/v1/chat/completions, /openai/metrics",
    "http://a, /chat/completions, /metrics",
  })
  void aUrlSaysWhereEverythingIs(String url, String chat, String metrics) {
    BaseUrl parsed = BaseUrl.parse(url).orElseThrow();
    assertThat(parsed.api("/chat/completions")).isEqualTo(chat);
    assertThat(parsed.beside("/metrics")).isEqualTo(metrics);
  }

  @Test
  void aKeyThatIsNotThereIsNamedBeforeTheStart() {
    assertThat(factory.check(spec(Map.of("api_key_file", "/no/such/file"))))
        .extracting(InvalidSetting::toString)
        .containsExactly("api_key_file: /no/such/file (expected: a file that can be read)");
    assertThat(factory.check(spec(Map.of("api_key_env", "NO_SUCH_VARIABLE_7"))))
        .extracting(InvalidSetting::name)
        .containsExactly("api_key_env");
  }

  @Test
  void whatAnEngineCanDoIsThePresetsUnlessTheFleetSaysOtherwise() {
    assertThat(factory.abilities(spec(Map.of())))
        .containsExactly(Ability.TOOLS, Ability.JSON_OBJECT, Ability.JSON_SCHEMA);
    assertThat(factory.abilities(spec(Map.of("preset", "tensorrt-llm")))).isEmpty();
    assertThat(factory.abilities(spec(Map.of("preset", "vllm"))))
        .containsExactly(Ability.JSON_OBJECT, Ability.JSON_SCHEMA);
    assertThat(
            factory.abilities(spec(Map.of("preset", "vllm", "tools", true, "json_schema", false))))
        .containsExactly(Ability.TOOLS, Ability.JSON_OBJECT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"groq", "openai", "sambanova"})
  void anEngineThatCannotGoOnCannotBeDeclaredTo(String preset) {
    assertThat(factory.check(spec(Map.of("preset", preset, "continuation", "plausible"))))
        .singleElement()
        .satisfies(invalid -> assertThat(invalid.name()).isEqualTo("continuation"));
  }

  @Test
  void theContinuationIsAsDeclared() {
    assertThat(factory.continuation(spec(Map.of()))).isEqualTo(Continuation.NONE);
    assertThat(factory.continuation(spec(Map.of("continuation", "exact"))))
        .isEqualTo(Continuation.EXACT);
    assertThat(factory.continuation(spec(Map.of("continuation", "plausible"))))
        .isEqualTo(Continuation.PLAUSIBLE);
  }

  @Test
  void everyPresetIsThere() {
    assertThat(Presets.names())
        .containsExactly(
            "llama.cpp",
            "vllm",
            "sglang",
            "tensorrt-llm",
            "groq",
            "cerebras",
            "sambanova",
            "openai");
    assertThat(Presets.named("vllm").load().metrics())
        .isEqualTo(
            new Preset.MetricNames(
                "/metrics",
                "vllm:num_requests_running",
                "vllm:num_requests_waiting",
                "vllm:kv_cache_usage_perc"));
    assertThat(Presets.named("groq").load().metrics().path()).isEmpty();
    assertThat(Presets.named("llama.cpp").connections())
        .isEqualTo(new Preset.Connections(4_000_000_000L, 100));
  }

  private static BackendSpec spec(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(Map.of("base_url", URL, "preset", "llama.cpp"));
    all.putAll(settings);
    return new BackendSpec("b", "m", null, all);
  }
}
