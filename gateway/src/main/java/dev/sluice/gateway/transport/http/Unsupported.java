package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.transport.UnreadableException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Refuses what would change the answer and cannot be passed on to a backend. Values that ask for
 * nothing (1 choice, no penalty, an empty list of tools) are fine, as clients send them unasked.
 * What is not named here or read elsewhere is ignored, as peers do.
 */
final class Unsupported {

  private static final List<String> ONE = List.of("n", "best_of");
  private static final List<String> ZERO =
      List.of("presence_penalty", "frequency_penalty", "top_logprobs");
  private static final List<String> EMPTY =
      List.of(
          "functions",
          "logit_bias",
          "suffix",
          "audio",
          "web_search_options",
          "guided_json",
          "guided_regex",
          "guided_choice",
          "guided_grammar",
          "structured_outputs",
          "grammar",
          "json_schema");

  /** What chats alone may ask for. */
  private static final List<String> OF_CHATS = List.of("tools", "tool_choice", "response_format");

  private Unsupported() {}

  static void check(Kind kind, Fields body) throws UnreadableException {
    for (String field : ONE) {
      Long value = body.whole(field, 1, Integer.MAX_VALUE);
      if (value != null && value > 1) {
        throw Fields.unsupported(field, value.toString(), "1");
      }
    }
    for (String field : ZERO) {
      Double value = body.number(field);
      if (value != null && value != 0) {
        throw Fields.unsupported(field, value.toString(), "0");
      }
    }
    for (String field : EMPTY) {
      JsonNode value = body.find(field);
      if (value != null && !isNothing(value)) {
        throw Fields.unsupported(field, "set", "none, as no backend is told of it");
      }
    }
    checkChoices(body);
    if (kind == Kind.TEXT) {
      checkText(body);
    }
  }

  /** As clients send them unasked, the values that ask for nothing are fine here too. */
  private static void checkText(Fields body) throws UnreadableException {
    for (String field : OF_CHATS) {
      JsonNode value = body.find(field);
      boolean isWord = value != null && value.isString() && isNoChoice(value.stringValue());
      boolean isText = value != null && value.isObject() && isText(value);
      if (value != null && !isNothing(value) && !isWord && !isText) {
        throw Fields.unsupported(field, "set", "none, in a completion of text");
      }
    }
  }

  private static boolean isText(JsonNode format) {
    JsonNode type = format.get("type");
    return type != null && type.isString() && type.stringValue().equals("text");
  }

  private static void checkChoices(Fields body) throws UnreadableException {
    JsonNode logprobs = body.find("logprobs");
    if (logprobs != null && !(logprobs.isBoolean() && !logprobs.booleanValue())) {
      throw Fields.unsupported("logprobs", Fields.shown(logprobs), "none");
    }
    if (body.flag("echo")) {
      throw Fields.unsupported("echo", "true", "false");
    }
    JsonNode choice = body.find("function_call");
    if (choice != null && !(choice.isString() && isNoChoice(choice.stringValue()))) {
      throw Fields.unsupported("function_call", "set", "none or auto");
    }
    for (String modality : body.texts("modalities")) {
      if (!modality.equals("text")) {
        throw Fields.unsupported("modalities", "another than text", "text");
      }
    }
  }

  private static boolean isNoChoice(String choice) {
    return choice.equals("none") || choice.equals("auto");
  }

  private static boolean isNothing(JsonNode value) {
    return value.isContainer()
        ? value.isEmpty()
        : value.isString() && value.stringValue().isEmpty();
  }
}
