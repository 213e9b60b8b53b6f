package dev.sluice.backends.emulated.server;

import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.Sampling;
import dev.sluice.v1.Budget;
import dev.sluice.v1.Chat;
import dev.sluice.v1.EmbedInput;
import dev.sluice.v1.EmbedRequest;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.Message;
import dev.sluice.v1.Progress;
import dev.sluice.v1.TokenIds;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns an encoded {@code sluice.v1.GenerateRequest} into a {@link Generation} and a {@code
 * sluice.v1.EmbedRequest} into an {@link Embedding}, or refuses it.
 */
final class RequestReader {

  /** What a request gets that does not say; enough for a long answer, far from a whole context. */
  private static final int DEFAULT_OUTPUT_TOKENS = 1_024;

  private static final int MOST_NAME_CHARACTERS = 128;

  /** Longest part of a budget that is not cut: a day. */
  private static final long MOST_SECONDS = 86_400;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final String model;

  RequestReader(String model) {
    this.model = model;
  }

  /**
   * Reads {@code bytes}.
   *
   * @param timeoutNanos what is left until the call's deadline; 0 for none
   */
  Generation read(byte[] bytes, long timeoutNanos) throws RefusedException {
    GenerateRequest request = parse(GenerateRequest.parser(), "GenerateRequest", bytes);
    checkModel(request.getModel());
    checkName("session", request.getSession());
    checkName("service_class", request.getServiceClass());
    checkName("request_id", request.getRequestId());
    return new Generation(
        request.getRequestId(),
        model,
        prompt(request),
        sampling(request.getSampling()),
        terms(request, timeoutNanos),
        progress(request.getProgress()));
  }

  /** The same of a request for vectors. */
  Embedding embedding(byte[] bytes, long timeoutNanos) throws RefusedException {
    EmbedRequest request = parse(EmbedRequest.parser(), "EmbedRequest", bytes);
    checkModel(request.getModel());
    checkName("session", request.getSession());
    checkName("service_class", request.getServiceClass());
    checkName("request_id", request.getRequestId());
    check(request.getInputsCount() > 0, "inputs: none (expected: at least one)");
    List<Prompt.Input> inputs = new ArrayList<>(request.getInputsCount());
    for (EmbedInput input : request.getInputsList()) {
      inputs.add(input(input, "inputs[" + inputs.size() + "]"));
    }
    return new Embedding(
        request.getRequestId(),
        model,
        inputs,
        notNegative("dimensions", request.getDimensions()),
        new Generation.Terms(
            timeoutNanos,
            0,
            0,
            wholeNanos(request.getBudget()),
            request.getServiceClass(),
            request.getSession(),
            0));
  }

  private static Prompt.Input input(EmbedInput input, String name) throws RefusedException {
    return switch (input.getInputCase()) {
      case TEXT -> {
        check(!input.getText().isEmpty(), name + ": empty (expected: at least one character)");
        yield new Prompt.Text(input.getText());
      }
      case TOKENS -> ids(input.getTokens(), name + ".tokens.ids");
      case INPUT_NOT_SET -> throw malformed(name + ": not set (expected: text or tokens)");
    };
  }

  /** Vectors are the first token and the last: the shorter part of a budget counts; 0 for none. */
  private static long wholeNanos(Budget budget) throws RefusedException {
    long firstNanos =
        budget.hasTimeToFirstToken()
            ? nanos("time_to_first_token", budget.getTimeToFirstToken())
            : Long.MAX_VALUE;
    long totalNanos = budget.hasTotal() ? nanos("total", budget.getTotal()) : Long.MAX_VALUE;
    long leastNanos = Math.min(firstNanos, totalNanos);
    return leastNanos == Long.MAX_VALUE ? 0 : leastNanos;
  }

  private void checkModel(String name) throws RefusedException {
    checkName("model", name);
    if (!name.equals(model)) {
      throw new RefusedException(
          Refusal.of(
              Status.Code.NOT_FOUND,
              "MODEL_NOT_FOUND",
              "model: '" + name + "' (expected: '" + model + "')"));
    }
  }

  private static Generation.Progress progress(Progress progress) throws RefusedException {
    return new Generation.Progress(
        notNegative("progress.tokens", progress.getTokens()),
        progress.getText(),
        progress.getIdsList());
  }

  private static <M> M parse(Parser<M> parser, String name, byte[] bytes) throws RefusedException {
    if (bytes.length > RequestBytes.MOST_BYTES) {
      throw new RefusedException(
          Refusal.of(
              Status.Code.RESOURCE_EXHAUSTED,
              "MESSAGE_TOO_LARGE",
              "message: too large (expected: at most " + RequestBytes.MOST_BYTES + " bytes)"));
    }
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      // the parser's message names kinds of fields, never contents
      throw malformed("message: not a sluice.v1." + name + " (" + e.getMessage() + ")");
    }
  }

  private static void checkName(String field, String name) throws RefusedException {
    boolean fits = name.length() <= MOST_NAME_CHARACTERS;
    for (int i = 0; fits && i < name.length(); i++) {
      char c = name.charAt(i);
      fits =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "._:/-".indexOf(c) >= 0;
    }
    if (!fits) {
      throw malformed(
          field
              + ": "
              + name.length()
              + " characters (expected: up to 128 of A-Z a-z 0-9 . _ : / -)");
    }
  }

  private static Prompt prompt(GenerateRequest request) throws RefusedException {
    return switch (request.getPromptCase()) {
      case TEXT -> {
        check(!request.getText().isEmpty(), "text: empty (expected: at least one character)");
        yield new Prompt.Text(request.getText());
      }
      case CHAT -> chat(request.getChat());
      case TOKENS -> ids(request.getTokens(), "tokens.ids");
      case PROMPT_NOT_SET -> throw malformed("prompt: not set (expected: text, chat or tokens)");
    };
  }

  private static Prompt.TokenIds ids(TokenIds tokens, String name) throws RefusedException {
    int count = tokens.getIdsCount();
    check(count > 0, name + ": empty (expected: at least one)");
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = tokens.getIds(i);
    }
    return new Prompt.TokenIds(ids);
  }

  private static Prompt chat(Chat chat) throws RefusedException {
    check(chat.getMessagesCount() > 0, "chat.messages: empty (expected: at least one)");
    List<Prompt.Message> messages = new ArrayList<>(chat.getMessagesCount());
    for (Message message : chat.getMessagesList()) {
      messages.add(new Prompt.Message(message.getRole(), message.getContent()));
    }
    return new Prompt.Chat(messages);
  }

  private static Sampling sampling(dev.sluice.v1.Sampling sampling) throws RefusedException {
    int asked = notNegative("sampling.max_output_tokens", sampling.getMaxOutputTokens());
    if (sampling.hasTemperature()) {
      double temperature = sampling.getTemperature();
      check(
          temperature >= 0 && temperature <= 2,
          "sampling.temperature: " + temperature + " (expected: 0 to 2)");
    }
    if (sampling.hasTopP()) {
      double topP = sampling.getTopP();
      check(topP > 0 && topP <= 1, "sampling.top_p: " + topP + " (expected: above 0 to 1)");
    }
    return new Sampling(
        asked == 0 ? DEFAULT_OUTPUT_TOKENS : asked,
        sampling.hasTemperature() ? sampling.getTemperature() : null,
        sampling.hasTopP() ? sampling.getTopP() : null,
        sampling.hasTopK() ? notNegative("sampling.top_k", sampling.getTopK()) : null,
        sampling.hasSeed() ? sampling.getSeed() : null,
        sampling.getStopList());
  }

  private static Generation.Terms terms(GenerateRequest request, long timeoutNanos)
      throws RefusedException {
    Budget budget = request.getBudget();
    return new Generation.Terms(
        timeoutNanos,
        budget.hasTimeToFirstToken()
            ? nanos("time_to_first_token", budget.getTimeToFirstToken())
            : 0,
        budget.hasTimePerOutputToken()
            ? nanos("time_per_output_token", budget.getTimePerOutputToken())
            : 0,
        budget.hasTotal() ? nanos("total", budget.getTotal()) : 0,
        request.getServiceClass(),
        request.getSession(),
        notNegative("hints.expected_output_tokens", request.getHints().getExpectedOutputTokens()));
  }

  private static long nanos(String part, Duration duration) throws RefusedException {
    long seconds = Math.clamp(duration.getSeconds(), -1, MOST_SECONDS);
    long nanos = seconds * NANOS_PER_SECOND + duration.getNanos();
    if (nanos <= 0) {
      throw new RefusedException(
          Refusal.of(
              Status.Code.INVALID_ARGUMENT,
              "BUDGET_INVALID",
              "budget." + part + ": not above zero (expected: a positive length of time)"));
    }
    return nanos;
  }

  /** Unsigned on the wire: above 2147483647 it is negative here. */
  private static int notNegative(String field, int value) throws RefusedException {
    check(
        value >= 0,
        field + ": " + Integer.toUnsignedString(value) + " (expected: at most 2147483647)");
    return value;
  }

  private static void check(boolean holds, String otherwise) throws RefusedException {
    if (!holds) {
      throw malformed(otherwise);
    }
  }

  private static RefusedException malformed(String message) {
    return new RefusedException(Refusal.malformed(message));
  }
}
