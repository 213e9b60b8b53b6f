package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.transport.Checks;
import dev.sluice.gateway.transport.Headers;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.Tenants;
import dev.sluice.gateway.transport.UnreadableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Turns a request for embeddings of OpenAI's API into the gateway's terms, with the same fields of
 * Sluice's own as for completions, and refuses what is not well formed.
 */
final class EmbeddingsReader {

  private static final String FORMS =
      "a string, token ids, or an array of strings or of arrays of token ids";

  private EmbeddingsReader() {}

  /** A request that was understood, and how its vectors are wanted. */
  record Read(Requests.Understood understood, boolean asBase64) {}

  static Read read(
      CompletionReader reader, byte[] bytes, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException {
    Fields body = Fields.of(reader.parse(bytes));
    String model = body.text("model");
    Checks.name("model", model);
    boolean asBase64 = isBase64(body.text("encoding_format"));
    Long dimensions = body.whole("dimensions", 1, Integer.MAX_VALUE);
    Requests.EmbedDraft draft =
        new Requests.EmbedDraft(
            new Requests.Names(
                RequestNames.id(headers),
                model,
                CompletionReader.named(body, "service_class"),
                RequestNames.session(headers, CompletionReader.named(body, "session"))),
            new Payload.Inputs(
                inputs(body.require("input", FORMS)),
                dimensions == null ? 0 : Math.toIntExact(dimensions)),
            CompletionReader.budget(body, headers),
            CompletionReader.constraints(body, Tenants.read(headers), Set.of()));
    return new Read(reader.requests().understood(draft, timing), asBase64);
  }

  private static boolean isBase64(String format) throws UnreadableException {
    return switch (format) {
      case "", "float" -> false;
      case "base64" -> true;
      default ->
          throw UnreadableException.malformed(
              "encoding_format: another (expected: float or base64)");
    };
  }

  private static List<Payload.Input> inputs(JsonNode input) throws UnreadableException {
    if (!input.isArray()) {
      return List.of(text("input", input));
    }
    if (!input.isEmpty() && input.get(0).isNumber()) {
      return List.of(Prompts.ids("input", input));
    }
    Checks.inputs("input", input.size());
    List<Payload.Input> inputs = new ArrayList<>(input.size());
    for (JsonNode each : input) {
      String place = "input[" + inputs.size() + "]";
      inputs.add(each.isArray() ? Prompts.ids(place, each) : text(place, each));
    }
    return inputs;
  }

  private static Payload.Text text(String name, JsonNode value) throws UnreadableException {
    if (!value.isString()) {
      throw Fields.wrong(name, value, FORMS);
    }
    String text = Fields.text(name, value);
    if (text.isEmpty()) {
      throw UnreadableException.malformed(name + ": empty (expected: at least one character)");
    }
    return new Payload.Text(text);
  }
}
