package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.time.NanoClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tools all the way from a caller over HTTP to an engine with OpenAI's API, as configured. */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
final class EngineToolsTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String ASKED =
      """
      {"model": "m", "max_tokens": 99, "messages": [{"role": "user", "content": "hi"}],
       "tools": [{"type": "function", "function": {"name": "weather"}}], "tool_choice": "required"}
      """;

  private final ScriptedEngine engine = new ScriptedEngine();
  private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
  private Gateway gateway;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("fleet.yaml");
    String text =
        """
        listeners: {grpc: '127.0.0.1:0', http: '127.0.0.1:0', admin: '127.0.0.1:0'}
        models: [{name: m, context_tokens: 8192, max_output_tokens: 256}]
        fleet:
          - id: without
            kind: openai
            model: m
            profile: cpu-thread-gemma-3-270m
            settings: {base_url: 'http://127.0.0.1:9/v1', preset: vllm, metrics: false}
          - id: engine
            kind: openai
            model: m
            profile: cpu-thread-gemma-3-270m
            settings: {base_url: '%s', preset: vllm, tools: true, metrics: false}
        """
            .formatted(engine.url());
    Files.writeString(file, text);
    ConfigLoader.Result result = ConfigLoader.load(file);
    assertThat(result).isInstanceOf(ConfigLoader.Loaded.class);
    GatewayConfig config = ((ConfigLoader.Loaded) result).config();
    gateway = new Gateway(config, Wiring.backends(config), NanoClock.system());
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    engine.close();
  }

  @Test
  void aCallOfAToolIsMadeOfWhatTheEngineStreams() throws Exception {
    engine.conduct(
        call -> {
          bodies.add(call.body());
          call.stream()
              .event(delta("\"role\":\"assistant\",\"content\":null"))
              .event(piece("\"id\":\"c1\",\"type\":\"function\",", "\"name\":\"weather\",", ""))
              .event(piece("", "", "{\\\"city\\\":"))
              .event(piece("", "", "\\\"Rabat\\\"}"))
              .event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}")
              .event("{\"choices\":[],\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":12}}")
              .event("[DONE]")
              .send("0\r\n\r\n");
        });
    JsonNode body = JSON.readTree(ask().body());
    assertThat(body.at("/choices/0/finish_reason").stringValue()).isEqualTo("tool_calls");
    JsonNode call = body.at("/choices/0/message/tool_calls/0");
    assertThat(call.at("/id").stringValue()).isEqualTo("c1");
    assertThat(call.at("/function/name").stringValue()).isEqualTo("weather");
    assertThat(
            JSON.readTree(call.at("/function/arguments").stringValue()).at("/city").stringValue())
        .isEqualTo("Rabat");
    assertThat(body.at("/usage/completion_tokens").intValue()).isEqualTo(12);
    assertThat(body.at("/usage/prompt_tokens").intValue()).isEqualTo(40);
    assertThat(bodies.poll(10, TimeUnit.SECONDS))
        .contains(
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]",
            "\"tool_choice\":\"required\"",
            "\"stream\":true");
  }

  @Test
  void aCallThatBreaksOffIsAnErrorAndNoAnswer() throws Exception {
    engine.conduct(
        call -> {
          call.stream().event(piece("\"id\":\"c1\",", "\"name\":\"weather\",", "{")).cut();
        });
    RawCaller.Answer answer = ask();
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains("STREAM_INTERRUPTED").doesNotContain("weather");
    assertThat(engine.requests).hasValue(1);
  }

  private RawCaller.Answer ask() throws IOException {
    try (RawCaller caller = new RawCaller(gateway.httpPort())) {
      caller.post("/v1/chat/completions", ASKED);
      return caller.answer();
    }
  }

  private static String delta(String members) {
    return "{\"choices\":[{\"index\":0,\"delta\":{" + members + "},\"finish_reason\":null}]}";
  }

  private static String piece(String call, String function, String arguments) {
    return delta(
        "\"tool_calls\":[{\"index\":0,%s\"function\":{%s\"arguments\":\"%s\"}}]"
            .formatted(call, function, arguments));
  }
}
