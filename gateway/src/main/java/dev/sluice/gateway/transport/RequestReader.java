package dev.sluice.gateway.transport;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.attempt.AttemptMachine;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Resumption;
import dev.sluice.v1.Chat;
import dev.sluice.v1.EmbedInput;
import dev.sluice.v1.EmbedRequest;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.Message;
import dev.sluice.v1.Progress;
import dev.sluice.v1.Sampling;
import dev.sluice.v1.TokenIds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@code sluice.v1.GenerateRequest} or {@code EmbedRequest} into the gateway's terms and
 * refuses what is not well formed.
 */
final class RequestReader {

  private final Requests requests;

  RequestReader(Requests requests) {
    this.requests = requests;
  }

  Requests.Understood read(byte[] message, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException {
    GenerateRequest request = parse(GenerateRequest.parser(), "GenerateRequest", message);
    Checks.name("model", request.getModel());
    Checks.nameOrEmpty("service_class", request.getServiceClass());
    Checks.nameOrEmpty("session", request.getSession());
    Checks.nameOrEmpty("request_id", request.getRequestId());
    Budgets.Said said =
        request.hasBudget() ? Budgets.said(request.getBudget()) : Budgets.Said.NOTHING;
    return requests.understood(
        new Requests.Draft(
            new Requests.Names(
                request.getRequestId(),
                request.getModel(),
                request.getServiceClass(),
                request.getSession()),
            new Requests.Asked(prompt(request), progress(request.getProgress())),
            drawing(request.getSampling()),
            notNegative("sampling.max_output_tokens", request.getSampling().getMaxOutputTokens()),
            notNegative(
                "hints.expected_output_tokens", request.getHints().getExpectedOutputTokens()),
            Budgets.read(said, headers),
            constraints(
                request.hasConstraints() ? request.getConstraints() : null,
                Tenants.read(headers),
                resumption(request.getResumption()))),
        timing);
  }

  /** The same of a {@code sluice.v1.EmbedRequest}. */
  Requests.Understood readEmbed(byte[] message, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException {
    EmbedRequest request = parse(EmbedRequest.parser(), "EmbedRequest", message);
    Checks.name("model", request.getModel());
    Checks.nameOrEmpty("service_class", request.getServiceClass());
    Checks.nameOrEmpty("session", request.getSession());
    Checks.nameOrEmpty("request_id", request.getRequestId());
    Checks.inputs("inputs", request.getInputsCount());
    List<Payload.Input> inputs = new ArrayList<>(request.getInputsCount());
    for (EmbedInput input : request.getInputsList()) {
      inputs.add(input(input, "inputs[" + inputs.size() + "]"));
    }
    Budgets.Said said =
        request.hasBudget() ? Budgets.said(request.getBudget()) : Budgets.Said.NOTHING;
    return requests.understood(
        new Requests.EmbedDraft(
            new Requests.Names(
                request.getRequestId(),
                request.getModel(),
                request.getServiceClass(),
                request.getSession()),
            new Payload.Inputs(inputs, notNegative("dimensions", request.getDimensions())),
            Budgets.read(said, headers),
            constraints(
                request.hasConstraints() ? request.getConstraints() : null,
                Tenants.read(headers),
                null)),
        timing);
  }

  private static Payload.Input input(EmbedInput input, String place) throws UnreadableException {
    return switch (input.getInputCase()) {
      case TEXT -> {
        if (input.getText().isEmpty()) {
          throw UnreadableException.malformed(
              place + ".text: empty (expected: at least one character)");
        }
        yield new Payload.Text(input.getText());
      }
      case TOKENS -> tokenIds(input.getTokens(), place + ".tokens.ids");
      case INPUT_NOT_SET ->
          throw UnreadableException.malformed(place + ": not set (expected: text or tokens)");
    };
  }

  private static <M> M parse(Parser<M> parser, String name, byte[] message)
      throws UnreadableException {
    try {
      return parser.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      // the parser's message names offsets and field kinds, never contents
      throw UnreadableException.malformed(
          "message: not a sluice.v1." + name + " (" + e.getMessage() + ")");
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
      case TOKENS -> tokenIds(request.getTokens(), "tokens.ids");
      case PROMPT_NOT_SET ->
          throw UnreadableException.malformed("prompt: not set (expected: text, chat or tokens)");
    };
  }

  /**
   * What the caller has of the answer. That its text is that of so many tokens can not be seen;
   * tokens may have no text, but no tokens have none.
   */
  private static Payload.Progress progress(Progress progress) throws UnreadableException {
    int tokens = progress.getTokens();
    if (tokens < 0 || tokens > AttemptMachine.MAX_RESUMABLE_TOKENS) {
      throw UnreadableException.malformed(
          "progress.tokens: %s (expected: at most %d)"
              .formatted(Integer.toUnsignedString(tokens), AttemptMachine.MAX_RESUMABLE_TOKENS));
    }
    if (tokens == 0 && !progress.getText().isEmpty()) {
      throw UnreadableException.malformed(
          "progress.text: %d characters (expected: none, as progress.tokens is 0)"
              .formatted(progress.getText().length()));
    }
    int ids = progress.getIdsCount();
    if (ids != 0 && ids != tokens) {
      throw UnreadableException.malformed(
          "progress.ids: %d (expected: none, or one for each of the %d of progress.tokens)"
              .formatted(ids, tokens));
    }
    return new Payload.Progress(tokens, progress.getText(), progress.getIdsList());
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

  private static Payload.TokenIds tokenIds(TokenIds tokens, String name)
      throws UnreadableException {
    int[] ids = new int[tokens.getIdsCount()];
    if (ids.length == 0) {
      throw UnreadableException.malformed(name + ": empty (expected: at least one)");
    }
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokens.getIds(i);
    }
    return new Payload.TokenIds(ids);
  }

  /** Unsigned on the wire: above two thousand million it is negative here. */
  private static int notNegative(String field, int value) throws UnreadableException {
    if (value < 0) {
      throw UnreadableException.malformed(
          field + ": " + Integer.toUnsignedString(value) + " (expected: at most 2147483647)");
    }
    return value;
  }

  private static Constraints constraints(
      dev.sluice.v1.@Nullable Constraints constraints,
      String tenant,
      @Nullable Resumption resumption)
      throws UnreadableException {
    if (constraints == null) {
      return new Constraints(List.of(), Double.POSITIVE_INFINITY, tenant, resumption);
    }
    double maxCostUsd =
        constraints.hasMaxCostUsd() ? constraints.getMaxCostUsd() : Double.POSITIVE_INFINITY;
    Checks.maxCostUsd("constraints.max_cost_usd", maxCostUsd);
    for (String region : constraints.getRegionsList()) {
      Checks.name("constraints.regions", region);
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
    if (sampling.hasTemperature()) {
      Checks.temperature("sampling.temperature", sampling.getTemperature());
    }
    if (sampling.hasTopP()) {
      Checks.topP("sampling.top_p", sampling.getTopP());
    }
    Checks.stops("sampling.stop", sampling.getStopList());
    return new Payload.Drawing(
        sampling.hasTemperature() ? sampling.getTemperature() : null,
        sampling.hasTopP() ? sampling.getTopP() : null,
        sampling.hasTopK() ? notNegative("sampling.top_k", sampling.getTopK()) : null,
        sampling.hasSeed() ? sampling.getSeed() : null,
        sampling.getStopList());
  }
}
