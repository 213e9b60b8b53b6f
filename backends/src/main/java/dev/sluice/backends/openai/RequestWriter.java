package dev.sluice.backends.openai;

import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.Sampling;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes requests in the words of one engine. Immutable. */
final class RequestWriter {

  static final String CHAT = "/chat/completions";
  static final String COMPLETIONS = "/completions";

  private static final int FIRST_BYTES = 512;
  private static final JsonFactory JSON = new JsonFactory();

  private final Preset.Dialect dialect;
  private final String model;

  /**
   * A writer for one model.
   *
   * @param model its name at the engine; empty: as the generation has it
   */
  RequestWriter(Preset.Dialect dialect, String model) {
    this.dialect = dialect;
    this.model = model;
  }

  /**
   * A request that is ready to be sent.
   *
   * @param name of the API
   * @param body JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody, and large
  record Written(String name, byte[] body) {}

  /**
   * The request for a whole answer.
   *
   * @throws tools.jackson.core.JacksonException if a text is not Unicode
   */
  Written whole(Generation generation) {
    return switch (generation.prompt()) {
      case Prompt.Text(String text) ->
          dialect.textAsChat()
              ? chat(List.of(new Prompt.Message("user", text)), generation, false)
              : completion(text, generation);
      case Prompt.Chat(List<Prompt.Message> messages, _) -> chat(messages, generation, false);
      case Prompt.TokenIds(int[] ids) -> ids(ids, List.of(), generation);
    };
  }

  /** The request to go on with the text {@code prompt}, which ends with what was said. */
  Written completion(String prompt, Generation generation) {
    return new Written(
        COMPLETIONS,
        written(
            json -> {
              json.writeStringProperty("prompt", prompt);
              common(json, generation);
            }));
  }

  /** The request to go on with token ids, and after them those of what was said. */
  Written ids(int[] ids, List<Integer> said, Generation generation) {
    return new Written(
        COMPLETIONS,
        written(
            json -> {
              json.writeArrayPropertyStart("prompt");
              for (int id : ids) {
                json.writeNumber(id);
              }
              for (int id : said) {
                json.writeNumber(id);
              }
              json.writeEndArray();
              common(json, generation);
            }));
  }

  /**
   * The request to answer a chat.
   *
   * @param unfinished whether its last message is the assistant's and is to be gone on with
   */
  Written chat(List<Prompt.Message> messages, Generation generation, boolean unfinished) {
    return new Written(
        CHAT,
        written(
            json -> {
              messages(json, messages);
              if (unfinished) {
                json.writeBooleanProperty("continue_final_message", true);
                json.writeBooleanProperty("add_generation_prompt", false);
              }
              if (generation.prompt() instanceof Prompt.Chat chat) {
                verbatim(json, chat.verbatim());
              }
              common(json, generation);
            }));
  }

  /** The request to render a chat as the text that the model sees. */
  static byte[] template(List<Prompt.Message> messages) {
    return written(json -> messages(json, messages));
  }

  private static void messages(JsonGenerator json, List<Prompt.Message> messages) {
    json.writeArrayPropertyStart("messages");
    for (Prompt.Message message : messages) {
      json.writeStartObject();
      json.writeStringProperty("role", message.role());
      if (message.content().isEmpty() && isOnlyCalls(message)) {
        json.writeNullProperty("content"); // as OpenAI has it: templates may take "" for words
      } else {
        json.writeStringProperty("content", message.content());
      }
      verbatim(json, message.verbatim());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static boolean isOnlyCalls(Prompt.Message message) {
    return message.role().equals("assistant") && !message.verbatim().isEmpty();
  }

  /** Adds members that are JSON already to an object that has some. */
  private static void verbatim(JsonGenerator json, String members) {
    if (!members.isEmpty()) {
      json.writeRaw(',');
      json.writeRaw(members);
    }
  }

  private void common(JsonGenerator json, Generation generation) {
    json.writeStringProperty("model", model.isEmpty() ? generation.model() : model);
    json.writeBooleanProperty("stream", true);
    json.writeName("stream_options");
    value(json, dialect.streamOptions());
    Sampling sampling = generation.sampling();
    json.writeNumberProperty(
        dialect.keys().mostTokens(), sampling.maxOutputTokens() - generation.progress().tokens());
    drawing(json, sampling);
    if (!sampling.stop().isEmpty()) {
      json.writeName("stop");
      value(json, sampling.stop());
    }
    dialect
        .request()
        .forEach(
            (name, value) -> {
              json.writeName(name);
              value(json, value);
            });
  }

  private void drawing(JsonGenerator json, Sampling sampling) {
    if (sampling.temperature() != null) {
      json.writeNumberProperty("temperature", sampling.temperature());
    }
    if (sampling.topP() != null) {
      json.writeNumberProperty("top_p", sampling.topP());
    }
    if (sampling.topK() != null && dialect.keys().topK()) {
      json.writeNumberProperty("top_k", sampling.topK());
    }
    if (sampling.seed() != null && dialect.keys().seed()) {
      json.writeNumberProperty("seed", sampling.seed());
    }
  }

  /** Writes a value as presets have it. */
  private static void value(JsonGenerator json, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach(
            (name, below) -> {
              json.writeName(name.toString());
              value(json, below);
            });
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        list.forEach(each -> value(json, each));
        json.writeEndArray();
      }
      case Boolean flag -> json.writeBoolean(flag);
      case Integer number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      default -> json.writeString(value.toString());
    }
  }

  private interface Content {
    void write(JsonGenerator json);
  }

  private static byte[] written(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BYTES);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      content.write(json);
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
