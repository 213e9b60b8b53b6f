package dev.sluice.gateway.transport.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer being put together for a caller who wants it in one piece, as clients of a stream put
 * it together: texts are appended to each other, and pieces of a call go to the call of their
 * index.
 */
final class Message {

  private static final JsonMapper ASCII =
      new JsonMapper(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build());

  private final StringBuilder content = new StringBuilder(0);
  private final StringBuilder refusal = new StringBuilder(0);

  /** By index. A value is a {@link StringBuilder}, a map of values, or JSON. */
  private final Map<Integer, Object> calls = new TreeMap<>();

  void addText(String more) {
    content.append(more);
  }

  /** Adds the members of a delta. */
  void addDelta(String members) {
    JsonNode delta = ASCII.readTree("{" + members + "}");
    JsonNode why = delta.get("refusal");
    if (why != null && why.isString()) {
      refusal.append(why.stringValue());
    }
    JsonNode pieces = delta.get("tool_calls");
    for (int i = 0; pieces != null && pieces.isArray() && i < pieces.size(); i++) {
      JsonNode piece = pieces.get(i);
      JsonNode index = piece.get("index");
      int place = index != null && index.isInt() ? index.intValue() : i;
      if (piece.isObject()) {
        Object call = joined("", calls.get(place), piece);
        if (call instanceof Map<?, ?> told) {
          told.remove("index"); // of the stream only
        }
        calls.put(place, call);
      }
    }
  }

  private static Object joined(String name, @Nullable Object before, JsonNode more) {
    if (more.isString()) {
      // what names a call is said once, and by some engines again and again
      boolean isSaid = before != null && (name.equals("id") || name.equals("type"));
      StringBuilder text = before instanceof StringBuilder own ? own : new StringBuilder();
      return isSaid ? text : text.append(more.stringValue());
    }
    if (more.isObject()) {
      Map<Object, Object> members = new LinkedHashMap<>();
      if (before instanceof Map<?, ?> own) {
        members.putAll(own);
      }
      for (Map.Entry<String, JsonNode> member : more.properties()) {
        String key = member.getKey();
        members.put(key, joined(key, members.get(key), member.getValue()));
      }
      return members;
    }
    return more.isNull() && before != null ? before : more;
  }

  /** The text, where there is no more to it. */
  CharSequence content() {
    return content;
  }

  /** The answer of a chat. */
  JsonBytes write(JsonBytes out) {
    boolean hasNone = content.isEmpty() && (!refusal.isEmpty() || !calls.isEmpty());
    out.raw("{\"role\":\"assistant\",\"content\":");
    writeText(out, hasNone ? null : content).raw(",\"refusal\":");
    writeText(out, refusal.isEmpty() ? null : refusal);
    if (!calls.isEmpty()) {
      out.raw(",\"tool_calls\":[");
      boolean isFirst = true;
      for (Object call : calls.values()) {
        write(out.raw(isFirst ? "" : ","), call);
        isFirst = false;
      }
      out.raw("]");
    }
    return out.raw("}");
  }

  private static JsonBytes writeText(JsonBytes out, @Nullable CharSequence text) {
    return text == null ? out.raw("null") : out.raw("\"").escaped(text).raw("\"");
  }

  private static void write(JsonBytes out, Object value) {
    switch (value) {
      case StringBuilder text -> writeText(out, text);
      case Map<?, ?> members -> {
        out.raw("{");
        boolean isFirst = true;
        for (Map.Entry<?, ?> member : members.entrySet()) {
          writeText(out.raw(isFirst ? "" : ","), member.getKey().toString()).raw(":");
          write(out, member.getValue());
          isFirst = false;
        }
        out.raw("}");
      }
      default -> out.raw(ASCII.writeValueAsString(value));
    }
  }

  /** Tells sizes, not the text, which is the caller's. */
  @Override
  public String toString() {
    return "Message[" + content.length() + " characters, " + calls.size() + " calls]";
  }
}
