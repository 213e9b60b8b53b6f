package dev.sluice.gateway.transport;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Resumption;
import dev.sluice.gateway.core.request.Size;
import dev.sluice.v1.Chat;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.Message;
import dev.sluice.v1.Sampling;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@code sluice.v1.GenerateRequest} into the gateway's terms and refuses what is not well
 * formed.
 */
final class RequestReader {

  private static final int MAX_STOPS = 16;
  private static final int MAX_STOP_CHARACTERS = 256;
  private static final int MAX_NAME_CHARACTERS = 128;
  private static final String NAME_CHARACTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-";

  /** Distinguishes the ids of this process from those of others and of earlier starts. */
  private final String idPrefix;

  private final AtomicLong nextId = new AtomicLong();

  private final ToIntFunction<Payload.Prompt> tokenCounter;

  RequestReader(long startedNanos, ToIntFunction<Payload.Prompt> tokenCounter) {
    this.tokenCounter = tokenCounter;
    idPrefix = Long.toHexString(startedNanos & 0xffff_ffffffL) + "-";
  }

  /** A request that was understood. */
  record Understood(InferenceRequest request, Payload payload) {}

  Understood read(byte[] message, Metadata metadata, InferenceRequest.Timing timing)
      throws UnreadableException {
    GenerateRequest request = parse(message);
    checkName("model", request.getModel(), false);
    checkName("service_class", request.getServiceClass(), true);
    checkName("session", request.getSession(), true);
    checkName("request_id", request.getRequestId(), true);
    if (request.hasProgress()) {
      // a gateway can not know which of its backends would go on with it
      throw UnreadableException.malformed("progress: set (expected: none, at a gateway)");
    }
    Payload.Prompt prompt = prompt(request);
    Payload.Drawing drawing = drawing(request.getSampling());
    InferenceRequest read =
        new InferenceRequest(
            request.getRequestId().isEmpty() ? makeId() : request.getRequestId(),
            request.getModel(),
            size(request, prompt),
            Budgets.read(request.hasBudget() ? request.getBudget() : null, metadata),
            request.getServiceClass(),
            constraints(request, Tenants.read(metadata)),
            timing);
    return new Understood(read, new Payload(prompt, drawing, request.getSession()));
  }

  private String makeId() {
    return idPrefix + Long.toString(nextId.incrementAndGet(), 36);
  }

  private static GenerateRequest parse(byte[] message) throws UnreadableException {
    try {
      return GenerateRequest.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      // the parser's message names offsets and field kinds, never contents
      throw UnreadableException.malformed(
          "message: not a sluice.v1.GenerateRequest (" + e.getMessage() + ")");
    }
  }

  static void checkName(String field, String value, boolean mayBeEmpty) throws UnreadableException {
    boolean fits = value.length() <= MAX_NAME_CHARACTERS && (mayBeEmpty || !value.isEmpty());
    for (int i = 0; fits && i < value.length(); i++) {
      char c = value.charAt(i);
      fits = NAME_CHARACTERS.indexOf(c) >= 0;
    }
    if (!fits) {
      throw UnreadableException.malformed(
          "%s: %d characters (expected: %s%d characters of A-Z a-z 0-9 . _ : / -)"
              .formatted(
                  field, value.length(), mayBeEmpty ? "up to " : "1 to ", MAX_NAME_CHARACTERS));
    }
  }

  private static Payload.Prompt prompt(GenerateRequest request) throws UnreadableException {
    return switch (request.getPromptCase()) {
      case TEXT -> {
        if (request.getText().isEmpty()) {
          throw UnreadableException.malformed("text: empty (expected: at least one character)");
        }
        yield new Payload.Text(request.getText());
      }
      case CHAT -> chat(request.getChat());
      case TOKENS -> tokenIds(request);
      case PROMPT_NOT_SET ->
          throw UnreadableException.malformed("prompt: not set (expected: text, chat or tokens)");
    };
  }

  private static Payload.Chat chat(Chat chat) throws UnreadableException {
    if (chat.getMessagesCount() == 0) {
      throw UnreadableException.malformed("chat.messages: empty (expected: at least one)");
    }
    List<String> rolesAndContents = new ArrayList<>(2 * chat.getMessagesCount());
    int i = 0;
    for (Message message : chat.getMessagesList()) {
      switch (message.getRole()) {
        case "system", "user", "assistant", "tool" -> {}
        default ->
            throw UnreadableException.malformed(
                "chat.messages[%d].role: expected system, user, assistant or tool".formatted(i));
      }
      rolesAndContents.add(message.getRole());
      rolesAndContents.add(message.getContent());
      i++;
    }
    return new Payload.Chat(rolesAndContents);
  }

  private static Payload.TokenIds tokenIds(GenerateRequest request) throws UnreadableException {
    List<Integer> ids = request.getTokens().getIdsList();
    if (ids.isEmpty()) {
      throw UnreadableException.malformed("tokens.ids: empty (expected: at least one)");
    }
    int[] copy = new int[ids.size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = request.getTokens().getIds(i);
    }
    return new Payload.TokenIds(copy);
  }

  private Size size(GenerateRequest request, Payload.Prompt prompt) throws UnreadableException {
    int promptTokens = Math.max(1, tokenCounter.applyAsInt(prompt));
    return new Size(
        promptTokens,
        notNegative("sampling.max_output_tokens", request.getSampling().getMaxOutputTokens()),
        notNegative("hints.expected_output_tokens", request.getHints().getExpectedOutputTokens()),
        PromptPrefix.of(prompt, promptTokens, request.getSession()));
  }

  /** Unsigned on the wire: above two thousand million it is negative here. */
  private static int notNegative(String field, int value) throws UnreadableException {
    if (value < 0) {
      throw UnreadableException.malformed(
          field + ": " + Integer.toUnsignedString(value) + " (expected: at most 2147483647)");
    }
    return value;
  }

  private static Constraints constraints(GenerateRequest request, String tenant)
      throws UnreadableException {
    Resumption resumption = resumption(request.getResumption());
    if (!request.hasConstraints()) {
      return new Constraints(List.of(), Double.POSITIVE_INFINITY, tenant, resumption);
    }
    dev.sluice.v1.Constraints constraints = request.getConstraints();
    double maxCostUsd =
        constraints.hasMaxCostUsd() ? constraints.getMaxCostUsd() : Double.POSITIVE_INFINITY;
    if (!(maxCostUsd > 0)) {
      throw UnreadableException.malformed(
          "constraints.max_cost_usd: " + maxCostUsd + " (expected: above zero)");
    }
    for (String region : constraints.getRegionsList()) {
      checkName("constraints.regions", region, false);
    }
    return new Constraints(constraints.getRegionsList(), maxCostUsd, tenant, resumption);
  }

  /** Null when it is not said. */
  private static @Nullable Resumption resumption(dev.sluice.v1.Resumption asked)
      throws UnreadableException {
    return switch (asked) {
      case RESUMPTION_UNSPECIFIED -> null;
      case RESUMPTION_NEVER -> Resumption.NEVER;
      case RESUMPTION_EXACT -> Resumption.EXACT;
      case RESUMPTION_PLAUSIBLE -> Resumption.PLAUSIBLE;
      case UNRECOGNIZED ->
          throw UnreadableException.malformed("resumption: unknown value (expected: 0 to 3)");
    };
  }

  private static Payload.Drawing drawing(Sampling sampling) throws UnreadableException {
    checkRange("sampling.temperature", sampling.hasTemperature(), sampling.getTemperature(), 0, 2);
    checkRange("sampling.top_p", sampling.hasTopP(), sampling.getTopP(), Double.MIN_VALUE, 1);
    if (sampling.getStopCount() > MAX_STOPS) {
      throw UnreadableException.malformed(
          "sampling.stop: %d texts (expected: at most %d)"
              .formatted(sampling.getStopCount(), MAX_STOPS));
    }
    for (String stop : sampling.getStopList()) {
      if (stop.isEmpty() || stop.length() > MAX_STOP_CHARACTERS) {
        throw UnreadableException.malformed(
            "sampling.stop: a text of %d characters (expected: 1 to %d)"
                .formatted(stop.length(), MAX_STOP_CHARACTERS));
      }
    }
    return new Payload.Drawing(
        sampling.hasTemperature() ? sampling.getTemperature() : null,
        sampling.hasTopP() ? sampling.getTopP() : null,
        sampling.hasTopK() ? notNegative("sampling.top_k", sampling.getTopK()) : null,
        sampling.hasSeed() ? sampling.getSeed() : null,
        sampling.getStopList());
  }

  private static void checkRange(
      String field, boolean present, double value, double least, double most)
      throws UnreadableException {
    if (present && !(value >= least && value <= most)) {
      throw UnreadableException.malformed(
          field
              + ": "
              + value
              + " (expected: "
              + (least == 0 ? "0" : "above 0")
              + " to "
              + most
              + ")");
    }
  }
}
