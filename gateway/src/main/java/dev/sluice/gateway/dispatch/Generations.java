package dev.sluice.gateway.dispatch;

import dev.sluice.backends.Embedding;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.Resumption;
import dev.sluice.backends.Sampling;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import java.util.ArrayList;
import java.util.List;

/** Puts a request into the backend port's terms. */
final class Generations {

  /** Kept back from the remaining time that is passed on, for the way back (faults §5.3). */
  private static final long HOP_RESERVE_NANOS = 2_000_000;

  private Generations() {}

  /** The generation of what is left of a request, of which the caller has {@code progress}. */
  static Generation of(
      AdmittedRequest request,
      Payload.Prompt prompt,
      Payload payload,
      Generation.Progress progress,
      long nowNanos) {
    Payload.Drawing drawing = payload.drawing();
    return new Generation(
        request.request().id(),
        request.model().name(),
        prompt(prompt),
        new Sampling(
            request.maxAnswerTokens(),
            drawing.temperature(),
            drawing.topP(),
            drawing.topK(),
            drawing.seed(),
            drawing.stop()),
        terms(request, payload, nowNanos),
        progress,
        resumption(request.resumption()));
  }

  static Embedding embedding(
      AdmittedRequest request, Payload.Inputs inputs, Payload payload, long nowNanos) {
    return new Embedding(
        request.request().id(),
        request.model().name(),
        inputs.inputs().stream().map(Generations::input).toList(),
        inputs.dimensions(),
        terms(request, payload, nowNanos));
  }

  private static Resumption resumption(dev.sluice.gateway.core.request.Resumption resumption) {
    return switch (resumption) {
      case NEVER -> Resumption.NEVER;
      case EXACT -> Resumption.EXACT;
      case PLAUSIBLE -> Resumption.PLAUSIBLE;
    };
  }

  private static Prompt.Input input(Payload.Input input) {
    return switch (input) {
      case Payload.Text(String text) -> new Prompt.Text(text);
      case Payload.TokenIds(int[] ids) -> new Prompt.TokenIds(ids);
    };
  }

  private static Generation.Terms terms(AdmittedRequest request, Payload payload, long nowNanos) {
    Budget budget = request.budget();
    long elapsedNanos = nowNanos - request.request().timing().arrivalNanos();
    return new Generation.Terms(
        left(request.deadlineNanos() - nowNanos, HOP_RESERVE_NANOS),
        left(budget.firstTokenNanos(), elapsedNanos),
        budget.perTokenNanos(),
        left(budget.totalNanos(), elapsedNanos),
        request.serviceClass().name(),
        payload.session(),
        request.request().size().expectedOutputTokens());
  }

  /**
   * What {@code spentNanos} leave of a length; at least a nanosecond, since 0 would mean no limit.
   */
  private static long left(long lengthNanos, long spentNanos) {
    return lengthNanos == 0 ? 0 : Math.max(1, lengthNanos - spentNanos);
  }

  private static Prompt prompt(Payload.Prompt prompt) {
    return switch (prompt) {
      case Payload.Input input -> input(input);
      case Payload.Chat(List<String> rolesAndContents, Payload.Verbatim verbatim) -> {
        List<Prompt.Message> messages = new ArrayList<>(rolesAndContents.size() / 2);
        for (int i = 0; i < rolesAndContents.size(); i += 2) {
          messages.add(
              new Prompt.Message(
                  rolesAndContents.get(i), rolesAndContents.get(i + 1), verbatim.ofMessage(i / 2)));
        }
        yield new Prompt.Chat(messages, verbatim.ofRequest());
      }
    };
  }
}
