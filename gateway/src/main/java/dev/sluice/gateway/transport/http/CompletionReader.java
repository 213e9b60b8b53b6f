package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.transport.Budgets;
import dev.sluice.gateway.transport.Checks;
import dev.sluice.gateway.transport.Headers;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.Resumptions;
import dev.sluice.gateway.transport.Tenants;
import dev.sluice.gateway.transport.UnreadableException;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns a request of OpenAI's API into the gateway's terms and refuses what is not well formed.
 *
 * <p>Beside OpenAI's fields it reads Sluice's own, which clients send as extra fields of the body:
 * {@code slo_ttft_ms}, {@code slo_tpot_ms}, {@code slo_e2e_ms}, {@code service_class}, {@code
 * regions}, {@code max_cost_usd}, {@code session}, {@code resumption}, {@code
 * expected_output_tokens}; and vLLM's {@code top_k}. Unknown fields are ignored, as peers do.
 */
final class CompletionReader {

  /** Limits of faults §5.7. */
  private static final int MOST_DEPTH = 64;

  private static final long MOST_TOKENS = 200_000;
  private static final int MOST_NUMBER_CHARACTERS = 64;
  private static final int MOST_NAME_CHARACTERS = 1024;

  private final Requests requests;
  private final JsonMapper json;
  private final int mostBytes;

  /** A reader of bodies of at most {@code mostBytes}, with texts of at most half of that. */
  CompletionReader(Requests requests, int mostBytes) {
    this.requests = requests;
    this.mostBytes = mostBytes;
    json =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(
                        StreamReadConstraints.builder()
                            .maxNestingDepth(MOST_DEPTH)
                            .maxDocumentLength(mostBytes)
                            .maxTokenCount(MOST_TOKENS)
                            .maxStringLength(mostBytes / 2)
                            .maxNumberLength(MOST_NUMBER_CHARACTERS)
                            .maxNameLength(MOST_NAME_CHARACTERS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();
  }

  /** A request that was understood, and how its answer is wanted. */
  record Read(Requests.Understood understood, Form form) {}

  /** Makes requests of what was read. */
  Requests requests() {
    return requests;
  }

  int mostBytes() {
    return mostBytes;
  }

  Read read(Kind kind, byte[] bytes, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException {
    Fields body = Fields.of(parse(bytes));
    String model = body.text("model");
    Checks.name("model", model);
    Unsupported.check(kind, body);
    Form form = form(body);
    Requests.Names names =
        new Requests.Names(
            RequestNames.id(headers),
            model,
            named(body, "service_class"),
            RequestNames.session(headers, named(body, "session")));
    Set<Ability> abilities = EnumSet.noneOf(Ability.class);
    Payload.Prompt prompt =
        switch (kind) {
          case CHAT -> {
            Extras extras = Extras.of(body);
            Payload.Chat chat = Prompts.chat(body, extras);
            abilities.addAll(extras.abilities());
            yield chat;
          }
          case TEXT -> Prompts.text(body);
        };
    Requests.Draft draft =
        new Requests.Draft(
            names,
            prompt,
            drawing(body),
            mostTokens(body),
            orZero(body.whole("expected_output_tokens", 0, Integer.MAX_VALUE)),
            budget(body, headers),
            constraints(body, Tenants.read(headers), abilities));
    return new Read(requests.understood(draft, timing), form);
  }

  JsonNode parse(byte[] bytes) throws UnreadableException {
    JsonNode node;
    try {
      node = json.readTree(bytes);
    } catch (StreamConstraintsException e) {
      // such a message names limits and sizes, never contents
      throw UnreadableException.malformed("body: " + e.getOriginalMessage());
    } catch (JacksonException e) {
      // the parser's message may quote the text: only its place is told
      throw UnreadableException.malformed(
          e.getLocation() == null
              ? "body: not JSON (expected: one JSON object)"
              : "body: not one JSON document with unique keys, line %d column %d"
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
    if (node == null || !node.isObject()) {
      throw UnreadableException.malformed("body: no object (expected: one JSON object)");
    }
    return node;
  }

  static String named(Fields body, String field) throws UnreadableException {
    String name = body.text(field);
    Checks.nameOrEmpty(field, name);
    return name;
  }

  private static Form form(Fields body) throws UnreadableException {
    boolean stream = body.flag("stream");
    Fields options = body.object("stream_options");
    if (options != null && !stream) {
      throw UnreadableException.malformed(
          "stream_options: set (expected: none, without stream: true)");
    }
    return new Form(stream, options != null && options.flag("include_usage"));
  }

  private static int mostTokens(Fields body) throws UnreadableException {
    Long old = body.whole("max_tokens", 1, Integer.MAX_VALUE);
    Long most = body.whole("max_completion_tokens", 1, Integer.MAX_VALUE);
    if (old != null && most != null && !old.equals(most)) {
      throw UnreadableException.malformed(
          "max_tokens: %d contradicts max_completion_tokens: %d (expected: one of them)"
              .formatted(old, most));
    }
    return orZero(most != null ? most : old);
  }

  private static int orZero(@Nullable Long value) {
    return value == null ? 0 : Math.toIntExact(value);
  }

  private static Payload.Drawing drawing(Fields body) throws UnreadableException {
    Double temperature = body.number("temperature");
    if (temperature != null) {
      Checks.temperature("temperature", temperature);
    }
    Double topP = body.number("top_p");
    if (topP != null) {
      Checks.topP("top_p", topP);
    }
    Long topK = body.whole("top_k", -1, Integer.MAX_VALUE);
    List<String> stop = body.texts("stop");
    Checks.stops("stop", stop);
    return new Payload.Drawing(
        temperature,
        topP,
        topK == null ? null : Math.toIntExact(Math.max(0, topK)), // vLLM's -1 is our 0: all
        body.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE),
        stop);
  }

  static Budget budget(Fields body, Headers headers) throws UnreadableException {
    return Budgets.read(
        new Budgets.Said(
            budgetPart(body, "slo_ttft_ms"),
            budgetPart(body, "slo_tpot_ms"),
            budgetPart(body, "slo_e2e_ms")),
        headers);
  }

  /** A number, or one in a string, as header values are. */
  private static long budgetPart(Fields body, String field) throws UnreadableException {
    JsonNode value = body.find(field);
    if (value == null) {
      return 0;
    }
    if (!value.isNumber() && !value.isString()) {
      throw new UnreadableException(
          Reason.BUDGET_INVALID,
          field + ": " + Fields.shown(value) + " (expected: decimal milliseconds above zero)");
    }
    return Budgets.nanos(field, value.isString() ? value.stringValue() : value.toString());
  }

  static Constraints constraints(Fields body, String tenant, Set<Ability> abilities)
      throws UnreadableException {
    Double maxCostUsd = body.number("max_cost_usd");
    if (maxCostUsd != null) {
      Checks.maxCostUsd("max_cost_usd", maxCostUsd);
    }
    List<String> regions = body.texts("regions");
    for (String region : regions) {
      Checks.name("regions", region);
    }
    return new Constraints(
        regions,
        Objects.requireNonNullElse(maxCostUsd, Double.POSITIVE_INFINITY),
        tenant,
        Resumptions.read("resumption", body.text("resumption")),
        abilities);
  }
}
