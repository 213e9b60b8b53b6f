package dev.sluice.backends.openai;

import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Reads events, and error bodies, of one engine. Walks each once and looks only at the fields that
 * count; what else is there is skipped unread.
 *
 * <p>Immutable; used by all generations of a backend.
 */
final class EventReader {

  private static final int MOST_DEPTH = 64;
  private static final int MOST_ERROR_CHARACTERS = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxStringLength(SseReader.MOST_EVENT_BYTES)
                  .maxDocumentLength(SseReader.MOST_EVENT_BYTES)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final JsonFactory ASCII =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** What a field of an event means. */
  private enum Meaning {
    TEXT,
    REFUSAL,
    TOOL_CALLS,
    REASONING,
    FINISH_REASON,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    CACHED_TOKENS,
    RUNNING_TOKENS,
    QUEUE_SECONDS,
    ERROR,
    ERROR_CODE,
    ERROR_TYPE
  }

  /** A place in an event: what stands there means, and where to go on. */
  private static final class Place {
    private final Map<String, Place> below = new HashMap<>();
    private @Nullable Meaning meaning;

    /** A second meaning; the tokens so far may be where the account is. */
    private @Nullable Meaning also;
  }

  private final Place root = new Place();

  EventReader(Preset.Account account) {
    put("choices.delta.content", Meaning.TEXT);
    put("choices.text", Meaning.TEXT);
    put("choices.delta.refusal", Meaning.REFUSAL);
    put("choices.delta.tool_calls", Meaning.TOOL_CALLS);
    put("choices.delta.reasoning_content", Meaning.REASONING);
    put("choices.delta.reasoning", Meaning.REASONING);
    put("choices.finish_reason", Meaning.FINISH_REASON);
    for (String usage : account.usage()) {
      put(usage + ".prompt_tokens", Meaning.INPUT_TOKENS);
      put(usage + ".completion_tokens", Meaning.OUTPUT_TOKENS);
      // SambaNova says in its account why it ended
      put(usage + ".stop_reason", Meaning.FINISH_REASON);
      put(usage + ".prompt_tokens_details.cached_tokens", Meaning.CACHED_TOKENS);
      String queue = account.queueTime();
      if (queue.startsWith("../")) {
        put(queue.substring("../".length()), Meaning.QUEUE_SECONDS);
      } else if (!queue.isEmpty()) {
        put(usage + "." + queue, Meaning.QUEUE_SECONDS);
      }
    }
    if (!account.running().isEmpty()) {
      put(account.running(), Meaning.RUNNING_TOKENS);
    }
    put("error", Meaning.ERROR);
    put("error.code", Meaning.ERROR_CODE);
    put("error.type", Meaning.ERROR_TYPE);
    // vLLM's older errors stand at the top
    put("code", Meaning.ERROR_CODE);
    put("type", Meaning.ERROR_TYPE);
  }

  private void put(String path, Meaning meaning) {
    Place place = root;
    for (String name : path.split("\\.", -1)) {
      place = place.below.computeIfAbsent(name, _ -> new Place());
    }
    if (place.meaning == null || place.meaning == meaning) {
      place.meaning = meaning;
    } else {
      place.also = meaning;
    }
  }

  /**
   * Reads one event into {@code event}.
   *
   * @throws JacksonException if it is not one JSON object
   */
  void read(byte[] bytes, int offset, int length, Event event) {
    event.clear();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new tools.jackson.core.exc.StreamReadException(parser, "not an object");
      }
      readObject(parser, root, event);
      if (parser.nextToken() != null) {
        throw new tools.jackson.core.exc.StreamReadException(parser, "more than one value");
      }
    }
  }

  private static void readObject(JsonParser parser, Place place, Event event) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      Place below = place.below.get(parser.currentName());
      JsonToken value = parser.nextToken();
      if (below == null) {
        parser.skipChildren();
      } else {
        readValue(parser, value, below, event);
      }
    }
  }

  private static void readValue(JsonParser parser, JsonToken value, Place place, Event event) {
    if (place.meaning == Meaning.ERROR) {
      event.isError = value == JsonToken.START_OBJECT || value == JsonToken.VALUE_STRING;
    }
    switch (value) {
      case START_OBJECT -> readObject(parser, place, event);
      case START_ARRAY -> {
        if (place.meaning == Meaning.TOOL_CALLS) {
          String calls = ascii(json -> json.copyCurrentStructure(parser));
          event.toolCalls = calls.equals("[]") ? null : calls;
        } else {
          readFirst(parser, place, event);
        }
      }
      case VALUE_STRING -> text(place, parser.getString(), event);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(place, parser.getDoubleValue(), event);
      default -> {}
    }
  }

  /** A text as JSON in ASCII. */
  static String quoted(String text) {
    return ascii(json -> json.writeString(text));
  }

  /** JSON in ASCII: half a character, and what ends a line for some reader, is escaped. */
  private static String ascii(Consumer<JsonGenerator> content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = ASCII.createGenerator(ObjectWriteContext.empty(), text)) {
      content.accept(json);
    }
    return text.toString();
  }

  /** Of several answers the first: no more than one is asked for. */
  private static void readFirst(JsonParser parser, Place place, Event event) {
    boolean first = true;
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      if (first && token == JsonToken.START_OBJECT) {
        readObject(parser, place, event);
      } else {
        parser.skipChildren();
      }
      first = false;
      token = parser.nextToken();
    }
  }

  private static void text(Place place, String value, Event event) {
    switch (place.meaning) {
      case TEXT -> event.addText(value);
      case REFUSAL -> event.refusal = value;
      case REASONING -> event.hasReasoning |= !value.isEmpty();
      case FINISH_REASON -> event.finishReason = value;
      case ERROR_CODE -> event.errorCode = harmless(value);
      case ERROR_TYPE -> event.errorType = harmless(value);
      case TOOL_CALLS,
          INPUT_TOKENS,
          OUTPUT_TOKENS,
          CACHED_TOKENS,
          RUNNING_TOKENS,
          QUEUE_SECONDS,
          ERROR -> {}
      case null -> {}
    }
  }

  private static void number(Place place, double value, Event event) {
    number(place.meaning, value, event);
    number(place.also, value, event);
  }

  private static void number(@Nullable Meaning meaning, double value, Event event) {
    // a count is a whole number from zero; anything else is no count
    long count = value >= 0 && value < Integer.MAX_VALUE ? (long) value : Event.UNKNOWN;
    switch (meaning) {
      case INPUT_TOKENS -> event.inputTokens = count;
      case OUTPUT_TOKENS -> event.outputTokens = count;
      case CACHED_TOKENS -> event.cachedTokens = count;
      case RUNNING_TOKENS -> event.runningTokens = count;
      case QUEUE_SECONDS -> event.queueSeconds = value;
      case ERROR_CODE -> event.errorStatus = count;
      case TEXT, REFUSAL, TOOL_CALLS, REASONING, FINISH_REASON, ERROR, ERROR_TYPE -> {}
      case null -> {}
    }
  }

  /** A code is a word; what is none may be anything, the prompt included. */
  private static String harmless(String word) {
    boolean fits = word.length() <= MOST_ERROR_CHARACTERS;
    for (int i = 0; fits && i < word.length(); i++) {
      char c = word.charAt(i);
      fits = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.');
    }
    return fits ? word : "";
  }
}
