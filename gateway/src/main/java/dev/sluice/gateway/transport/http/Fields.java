package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.transport.UnreadableException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the fields of one JSON object and names the one that is wrong. Null counts as not there, as
 * OpenAI has it.
 *
 * @param node the object
 * @param place what stands before the names of its fields; empty for the body itself
 */
record Fields(JsonNode node, String place) {

  /** The whole of what a caller sent. */
  static Fields of(JsonNode node) {
    return new Fields(node, "");
  }

  /** The full name of a field. */
  String name(String field) {
    return place.isEmpty() ? field : place + "." + field;
  }

  /** The value of a field; null when it is not there. */
  @Nullable JsonNode find(String field) {
    JsonNode value = node.get(field);
    return value == null || value.isNull() ? null : value;
  }

  /** A field that must be there. */
  JsonNode require(String field, String expected) throws UnreadableException {
    JsonNode value = find(field);
    if (value == null) {
      throw UnreadableException.malformed(name(field) + ": not set (expected: " + expected + ")");
    }
    return value;
  }

  /** A text; empty when it is not there. */
  String text(String field) throws UnreadableException {
    JsonNode value = find(field);
    return value == null ? "" : text(name(field), value);
  }

  /** The text that {@code value} is. */
  static String text(String name, JsonNode value) throws UnreadableException {
    if (!value.isString()) {
      throw wrong(name, value, "a string");
    }
    String text = value.stringValue();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw UnreadableException.malformed(
            name + ": half a surrogate pair at " + i + " (expected: whole characters)");
      }
    }
    return text;
  }

  /** Texts: none, one, or a list of them. */
  List<String> texts(String field) throws UnreadableException {
    JsonNode value = find(field);
    if (value == null) {
      return List.of();
    }
    if (value.isString()) {
      return List.of(text(name(field), value));
    }
    if (!value.isArray()) {
      throw wrong(name(field), value, "a string or an array of strings");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode each : value) {
      texts.add(text(name(field), each));
    }
    return texts;
  }

  /** A whole number of {@code least..most}; null when it is not there. */
  @Nullable Long whole(String field, long least, long most) throws UnreadableException {
    JsonNode value = find(field);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > most) {
      throw wrong(name(field), value, "a whole number of " + least + " to " + most);
    }
    return value.longValue();
  }

  /** A finite number; null when it is not there. */
  @Nullable Double number(String field) throws UnreadableException {
    JsonNode value = find(field);
    if (value == null) {
      return null;
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(name(field), value, "a number");
    }
    return value.doubleValue();
  }

  /** A flag; false when it is not there. */
  boolean flag(String field) throws UnreadableException {
    JsonNode value = find(field);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrong(name(field), value, "true or false");
    }
    return value.booleanValue();
  }

  /** An object; null when it is not there. */
  @Nullable Fields object(String field) throws UnreadableException {
    JsonNode value = find(field);
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      throw wrong(name(field), value, "an object");
    }
    return new Fields(value, name(field));
  }

  /** Values that are no text of a prompt are shown, all else only by its type. */
  static UnreadableException wrong(String name, JsonNode value, String expected) {
    return UnreadableException.malformed(
        name + ": " + shown(value) + " (expected: " + expected + ")");
  }

  /** What is well formed, and nobody here does. */
  static UnreadableException unsupported(String name, String value, String expected) {
    return new UnreadableException(
        Reason.UNSUPPORTED, name + ": " + value + " (expected: " + expected + ")");
  }

  /** A value as it may be told: numbers and flags in full, texts and structures by their type. */
  static String shown(JsonNode value) {
    if (value.isBoolean() || (value.isNumber() && value.toString().length() <= 32)) {
      return value.toString();
    }
    return switch (value.getNodeType()) {
      case STRING -> "a string";
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case NUMBER -> "a long number";
      case NULL, BOOLEAN, MISSING, BINARY, POJO -> "nothing of use";
    };
  }

  /** Tells no values: they are the caller's. */
  @Override
  public String toString() {
    return "Fields[" + place + ", " + node.size() + "]";
  }
}
