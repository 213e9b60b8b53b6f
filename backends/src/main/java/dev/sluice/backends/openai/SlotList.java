package dev.sluice.backends.openai;

import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The slots of llama.cpp ({@code /slots}), which it lists where it was not started for metrics: a
 * list of objects, each with {@code is_processing}. What else stands there, prompts among it, is
 * skipped unread.
 */
final class SlotList {

  private static final JsonFactory JSON = new JsonFactory();

  private SlotList() {}

  /** Slots that are at work; empty if {@code body} lists none. */
  static OptionalInt running(byte[] body) {
    int slots = 0;
    int running = 0;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return OptionalInt.empty();
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          boolean isState = parser.currentName().equals("is_processing");
          JsonToken value = parser.nextToken();
          slots += isState ? 1 : 0;
          running += isState && value == JsonToken.VALUE_TRUE ? 1 : 0;
          parser.skipChildren();
        }
      }
    } catch (JacksonException _) {
      return OptionalInt.empty(); // not JSON, or more of it than is taken
    }
    return slots == 0 ? OptionalInt.empty() : OptionalInt.of(running);
  }
}
