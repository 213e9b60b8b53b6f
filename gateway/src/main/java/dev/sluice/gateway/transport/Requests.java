package dev.sluice.gateway.transport;

import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Size;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

/** Makes requests in the gateway's terms of what the fronts have read. */
public final class Requests {

  /** Distinguishes the ids of this process from those of others and of earlier starts. */
  private final String idPrefix;

  private final AtomicLong nextId = new AtomicLong();
  private final ToIntFunction<Payload.Prompt> tokenCounter;

  /** Requests whose prompts {@code tokenCounter} counts, in a process begun at that instant. */
  public Requests(long startedNanos, ToIntFunction<Payload.Prompt> tokenCounter) {
    this.tokenCounter = tokenCounter;
    idPrefix = Long.toHexString(startedNanos & 0xffff_ffffffL) + "-";
  }

  /** A request that was understood. */
  public record Understood(InferenceRequest request, Payload payload) {}

  /**
   * A request as its front has read and checked it.
   *
   * @param names what it is called and what it names
   * @param asked what to continue, and what there is of the answer
   * @param drawing how to draw tokens
   * @param maxOutputTokens most tokens of the answer; 0 when not said
   * @param expectedOutputTokens hint on the answer's length; 0 when not said
   * @param budget how long the caller can wait
   * @param constraints what a deployment must satisfy
   */
  public record Draft(
      Names names,
      Asked asked,
      Payload.Drawing drawing,
      int maxOutputTokens,
      int expectedOutputTokens,
      Budget budget,
      Constraints constraints) {

    /** A request for an answer from its beginning. */
    public Draft(
        Names names,
        Payload.Prompt prompt,
        Payload.Drawing drawing,
        int maxOutputTokens,
        int expectedOutputTokens,
        Budget budget,
        Constraints constraints) {
      this(
          names,
          new Asked(prompt, Payload.Progress.NONE),
          drawing,
          maxOutputTokens,
          expectedOutputTokens,
          budget,
          constraints);
    }
  }

  /** What to continue, and what the caller has of the answer already. */
  public record Asked(Payload.Prompt prompt, Payload.Progress progress) {}

  /**
   * A request for vectors as its front has read and checked it.
   *
   * @param names what it is called and what it names
   * @param inputs what to embed
   * @param budget how long the caller can wait
   * @param constraints what a deployment must satisfy
   */
  public record EmbedDraft(
      Names names, Payload.Inputs inputs, Budget budget, Constraints constraints) {}

  /**
   * The names in a request; all but the model's may be empty.
   *
   * @param id the caller's id for it
   * @param model the model it asks for
   * @param serviceClass the class it asks for
   * @param session what it is better kept together with
   */
  public record Names(String id, String model, String serviceClass, String session) {}

  /** The request that {@code draft} is. */
  public Understood understood(Draft draft, InferenceRequest.Timing timing) {
    Names names = draft.names;
    Payload.Prompt prompt = draft.asked.prompt;
    Payload.Progress progress = draft.asked.progress;
    int promptTokens = Math.max(1, tokenCounter.applyAsInt(prompt));
    InferenceRequest request =
        new InferenceRequest(
            names.id.isEmpty() ? makeId() : names.id,
            names.model,
            new Size(
                    promptTokens,
                    draft.maxOutputTokens,
                    draft.expectedOutputTokens,
                    PromptPrefix.of(prompt, promptTokens, names.session))
                .begun(progress.tokens()),
            draft.budget,
            names.serviceClass,
            draft.constraints,
            timing);
    return new Understood(request, new Payload(prompt, draft.drawing, names.session, progress));
  }

  /**
   * The request that {@code draft} is.
   *
   * @throws UnreadableException if its inputs have more tokens together than they may
   */
  public Understood understood(EmbedDraft draft, InferenceRequest.Timing timing)
      throws UnreadableException {
    long tokens = 0;
    int longestTokens = 1;
    for (Payload.Input input : draft.inputs.inputs()) {
      int own = Math.max(1, tokenCounter.applyAsInt(input));
      tokens += own;
      longestTokens = Math.max(longestTokens, own);
    }
    Checks.inputTokens(tokens);
    Names names = draft.names;
    InferenceRequest request =
        new InferenceRequest(
            names.id.isEmpty() ? makeId() : names.id,
            names.model,
            Size.ofInputs((int) tokens, longestTokens, PromptPrefix.ofSession(names.session)),
            draft.budget,
            names.serviceClass,
            draft.constraints,
            timing);
    return new Understood(
        request, new Payload(draft.inputs, Payload.Drawing.DEFAULT, names.session));
  }

  /** An id that no other request has. */
  public String makeId() {
    return idPrefix + Long.toString(nextId.incrementAndGet(), 36);
  }
}
