package dev.sluice.backends.openai;

import dev.sluice.backends.Embedding;
import dev.sluice.backends.Prompt;
import java.io.ByteArrayOutputStream;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes requests for vectors. They are the same for all engines. */
final class EmbeddingWriter {

  private static final int FIRST_BYTES = 512;
  private static final JsonFactory JSON = new JsonFactory();

  private EmbeddingWriter() {}

  /**
   * The body of a request. It asks for base64, which is short and exact; an engine that knows only
   * numbers sends those.
   *
   * @param model its name at the engine; empty: as the embedding has it
   * @throws tools.jackson.core.JacksonException if a text is not Unicode
   */
  static byte[] write(Embedding embedding, String model) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(FIRST_BYTES);
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeStringProperty("model", model.isEmpty() ? embedding.model() : model);
      json.writeArrayPropertyStart("input");
      for (Prompt.Input input : embedding.inputs()) {
        switch (input) {
          case Prompt.Text(String text) -> json.writeString(text);
          case Prompt.TokenIds(int[] ids) -> json.writeArray(ids, 0, ids.length);
        }
      }
      json.writeEndArray();
      json.writeStringProperty("encoding_format", "base64");
      if (embedding.dimensions() > 0) {
        json.writeNumberProperty("dimensions", embedding.dimensions());
      }
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
