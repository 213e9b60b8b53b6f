package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.transport.UnreadableException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads what is to be continued: the messages of a chat, or a prompt. */
final class Prompts {

  private static final String PROMPT_FORMS =
      "a string, an array of one string, or an array of token ids";

  private Prompts() {}

  // ---- chat

  /** The chat in {@code body}, with what it asks for beyond words; messages may ask for more. */
  static Payload.Chat chat(Fields body, Extras extras) throws UnreadableException {
    JsonNode messages = body.require("messages", "an array of messages");
    if (!messages.isArray()) {
      throw Fields.wrong("messages", messages, "an array of messages");
    }
    if (messages.isEmpty()) {
      throw UnreadableException.malformed("messages: empty (expected: at least one)");
    }
    List<String> rolesAndContents = new ArrayList<>(2 * messages.size());
    List<String> ofMessages = new ArrayList<>(0);
    for (int i = 0; i < messages.size(); i++) {
      String place = "messages[" + i + "]";
      if (!messages.get(i).isObject()) {
        throw Fields.wrong(place, messages.get(i), "an object");
      }
      Fields message = new Fields(messages.get(i), place);
      String role = role(message);
      String more = Extras.ofMessage(message, role);
      rolesAndContents.add(role);
      rolesAndContents.add(content(message, !more.isEmpty() && role.equals("assistant")));
      ofMessages.add(more);
    }
    if (ofMessages.stream().allMatch(String::isEmpty)) {
      ofMessages = List.of();
    } else {
      extras.abilities().add(Ability.TOOLS);
    }
    return new Payload.Chat(rolesAndContents, new Payload.Verbatim(extras.members(), ofMessages));
  }

  /** What a message says, which may be nothing where it calls tools or refuses. */
  private static String content(Fields message, boolean hasCalls) throws UnreadableException {
    for (String field : List.of("function_call", "audio")) {
      JsonNode value = message.find(field);
      if (value != null && !value.isEmpty()) {
        throw Fields.unsupported(message.name(field), "set", "none");
      }
    }
    String refusal = message.text("refusal");
    return message.find("content") == null && (hasCalls || !refusal.isEmpty())
        ? refusal
        : content(message.name("content"), message.require("content", "a string or text parts"));
  }

  private static String role(Fields message) throws UnreadableException {
    String role = message.text("role");
    return switch (role) {
      case "system", "user", "assistant", "tool" -> role;
      // what newer clients call instructions; models' chat templates know them as system
      case "developer" -> "system";
      default ->
          throw UnreadableException.malformed(
              message.name("role")
                  + ": another (expected: system, developer, user, assistant or tool)");
    };
  }

  private static String content(String name, JsonNode content) throws UnreadableException {
    if (!content.isArray()) {
      return Fields.text(name, content);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < content.size(); i++) {
      String place = name + "[" + i + "]";
      if (!content.get(i).isObject()) {
        throw Fields.wrong(place, content.get(i), "an object");
      }
      Fields part = new Fields(content.get(i), place);
      if (!part.text("type").equals("text")) {
        throw Fields.unsupported(part.name("type"), "another", "text");
      }
      text.append(Fields.text(part.name("text"), part.require("text", "a string")));
    }
    return text.toString();
  }

  // ---- text

  static Payload.Prompt text(Fields body) throws UnreadableException {
    JsonNode prompt = body.require("prompt", PROMPT_FORMS);
    if (prompt.isArray() && prompt.size() == 1 && !prompt.get(0).isNumber()) {
      prompt = prompt.get(0);
    }
    if (prompt.isString()) {
      String text = Fields.text("prompt", prompt);
      if (text.isEmpty()) {
        throw UnreadableException.malformed("prompt: empty (expected: at least one character)");
      }
      return new Payload.Text(text);
    }
    if (!prompt.isArray()) {
      throw Fields.wrong("prompt", prompt, PROMPT_FORMS);
    }
    if (prompt.isEmpty()) {
      throw UnreadableException.malformed("prompt: empty (expected: " + PROMPT_FORMS + ")");
    }
    if (!prompt.get(0).isNumber()) {
      throw Fields.unsupported("prompt", prompt.size() + " prompts", "1");
    }
    return ids("prompt", prompt);
  }

  /** The token ids that {@code prompt} has, at least one; {@code name} is its place. */
  static Payload.TokenIds ids(String name, JsonNode prompt) throws UnreadableException {
    if (prompt.isEmpty()) {
      throw UnreadableException.malformed(name + ": empty (expected: at least one token id)");
    }
    int[] ids = new int[prompt.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = prompt.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
        throw Fields.wrong(name + "[" + i + "]", id, "a token id of 0 to " + Integer.MAX_VALUE);
      }
      ids[i] = id.intValue();
    }
    return new Payload.TokenIds(ids);
  }
}
