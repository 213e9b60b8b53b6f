package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.transport.UnreadableException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a chat asks for beyond words: tools and the form of the answer. It is passed on as it
 * stands, and looked into no further than to know what a backend must be able to do.
 */
final class Extras {

  private final Set<Ability> abilities = EnumSet.noneOf(Ability.class);
  private final StringBuilder members = new StringBuilder(0);

  private Extras() {}

  /** What {@code body} asks for. */
  static Extras of(Fields body) throws UnreadableException {
    Extras extras = new Extras();
    extras.readTools(body);
    extras.readFormat(body);
    return extras;
  }

  /** What a backend must be able to do; more may be added. */
  Set<Ability> abilities() {
    return abilities;
  }

  /** What is passed on: members of a JSON object; empty for nothing. */
  String members() {
    return members.toString();
  }

  private void readTools(Fields body) throws UnreadableException {
    JsonNode tools = body.find("tools");
    JsonNode choice = body.find("tool_choice");
    if (tools == null || (tools.isArray() && tools.isEmpty())) {
      if (choice != null && !isNoChoice(choice)) {
        throw UnreadableException.malformed(
            "tool_choice: set (expected: none or auto, without tools)");
      }
      return;
    }
    abilities.add(Ability.TOOLS);
    add("tools", objects("tools", tools));
    if (choice != null) {
      if (!choice.isString() && !choice.isObject()) {
        throw Fields.wrong("tool_choice", choice, "a string or an object");
      }
      add("tool_choice", choice);
    }
    if (body.find("parallel_tool_calls") != null) {
      add("parallel_tool_calls", body.flag("parallel_tool_calls") ? "true" : "false");
    }
  }

  private static boolean isNoChoice(JsonNode choice) {
    return choice.isString()
        && (choice.stringValue().equals("none") || choice.stringValue().equals("auto"));
  }

  private void readFormat(Fields body) throws UnreadableException {
    Fields format = body.object("response_format");
    if (format == null) {
      return;
    }
    switch (format.text("type")) {
      case "text" -> {
        return;
      }
      case "json_object" -> abilities.add(Ability.JSON_OBJECT);
      case "json_schema" -> {
        if (format.object("json_schema") == null) {
          throw UnreadableException.malformed(
              "response_format.json_schema: not set (expected: an object)");
        }
        abilities.add(Ability.JSON_SCHEMA);
      }
      default ->
          throw Fields.unsupported(
              "response_format", "another type", "text, json_object or json_schema");
    }
    add("response_format", format.node());
  }

  /** The members of a message that are passed on as they stand; empty for none. */
  static String ofMessage(Fields message, String role) throws UnreadableException {
    Extras extras = new Extras();
    JsonNode calls = message.find("tool_calls");
    if (calls != null && !(calls.isArray() && calls.isEmpty())) {
      String name = message.name("tool_calls");
      if (!role.equals("assistant")) {
        throw UnreadableException.malformed(
            name + ": set (expected: in messages of the assistant only)");
      }
      extras.add("tool_calls", objects(name, calls));
    }
    if (role.equals("tool")) {
      for (String field : List.of("tool_call_id", "name")) {
        if (!message.text(field).isEmpty()) {
          extras.add(field, message.require(field, "a string"));
        }
      }
    }
    return extras.members();
  }

  private static JsonNode objects(String name, JsonNode value) throws UnreadableException {
    if (!value.isArray()) {
      throw Fields.wrong(name, value, "an array of objects");
    }
    for (int i = 0; i < value.size(); i++) {
      if (!value.get(i).isObject()) {
        throw Fields.wrong(name + "[" + i + "]", value.get(i), "an object");
      }
    }
    return value;
  }

  private void add(String name, JsonNode value) throws UnreadableException {
    check(name, value);
    add(name, value.toString());
  }

  private void add(String name, String json) {
    members.append(members.isEmpty() ? "" : ",");
    members.append('"').append(name).append("\":").append(json);
  }

  /**
   * What was read is JSON, but not all JSON can be written: half a character, an endless number.
   */
  private static void check(String name, JsonNode value) throws UnreadableException {
    if (value.isString()) {
      String _ = Fields.text(name, value);
    } else if (value.isNumber() && !value.isIntegralNumber()) {
      if (!Double.isFinite(value.doubleValue())) {
        throw UnreadableException.malformed(
            name + ": holds a number that is too large (expected: one that fits 64 bits)");
      }
    } else {
      for (JsonNode each : value) {
        check(name, each);
      }
    }
  }
}
