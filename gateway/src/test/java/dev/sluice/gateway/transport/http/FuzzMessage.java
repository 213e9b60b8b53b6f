package dev.sluice.gateway.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pieces of calls that are JSON become an answer that is JSON, whatever they hold; one a line. */
final class FuzzMessage {

  private static final JsonMapper JSON = new JsonMapper();

  @FuzzTest(maxDuration = "60s")
  void holds(byte[] data) {
    Message message = new Message();
    for (String line : new String(data, StandardCharsets.UTF_8).split("\n", -1)) {
      if (isObject("{" + line + "}")) {
        message.addDelta(line);
      }
    }
    JsonBytes out = message.write(new JsonBytes());
    JsonNode answer = JSON.readTree(new String(out.toBytes(), StandardCharsets.UTF_8));
    assertThat(answer.at("/role").stringValue()).isEqualTo("assistant");
    for (JsonNode call : answer.at("/tool_calls")) {
      assertThat(call.has("index")).isFalse();
    }
  }

  private static boolean isObject(String text) {
    try {
      return JSON.readTree(text).isObject();
    } catch (JacksonException _) {
      return false;
    }
  }
}
