package dev.sluice.gateway.core.request;

/**
 * A request with nothing left open. Of an answer that was begun it is what is left.
 *
 * @param request the request as the caller put it
 * @param model the model it is for
 * @param serviceClass its class
 * @param budget how long the caller can wait, defaults applied
 * @param deadlineNanos instant at which it ends whatever happens
 * @param output how long the answer, or what is left of it, may become
 */
public record AdmittedRequest(
    InferenceRequest request,
    Model model,
    ServiceClass serviceClass,
    Budget budget,
    long deadlineNanos,
    OutputLength output) {

  /**
   * Which continuations will do should the answer break off. An answer with tools or of a given
   * form is never gone on with: who begins in its middle knows neither the call nor the place in
   * the form (faults §5.4).
   */
  public Resumption resumption() {
    if (task() == Task.EMBED) {
      return Resumption.NEVER; // one piece has no middle
    }
    if (!request.constraints().abilities().isEmpty()) {
      return Resumption.NEVER;
    }
    Resumption own = request.constraints().resumption();
    return own != null ? own : serviceClass.resumption();
  }

  /**
   * What is left of this request once the caller has {@code tokens} tokens of its answer: they join
   * the prompt, and the time to the first token is no matter any more.
   */
  public AdmittedRequest after(int tokens) {
    if (tokens == begunTokens()) {
      return this;
    }
    return new AdmittedRequest(
        new InferenceRequest(
            request.id(),
            request.model(),
            request.size().begun(tokens),
            request.budget(),
            request.serviceClass(),
            request.constraints(),
            request.timing()),
        model,
        serviceClass,
        budget.ofTheRest(),
        deadlineNanos,
        output.after(tokens - begunTokens()));
  }

  /** What is wanted. */
  public Task task() {
    return request.size().task();
  }

  /** Tokens that must fit a context together. */
  public long contextTokens() {
    return switch (task()) {
      case GENERATE -> mostTokens();
      case EMBED -> request.size().longestTokens();
    };
  }

  /** Tokens of the answer that the caller has already. */
  public int begunTokens() {
    return request.size().begunTokens();
  }

  /** Tokens that must be read first: the prompt, and what the caller has of the answer. */
  public int promptTokens() {
    return request.size().promptTokens();
  }

  /** Most tokens that are still to come, at least 1. */
  public int maxOutputTokens() {
    return output.most();
  }

  /** Most tokens of the whole answer, what the caller has of it included. */
  public int maxAnswerTokens() {
    return output.mostInAll();
  }

  /** Tokens of prompt and answer together, at most. */
  public long mostTokens() {
    return promptTokens() + (long) maxOutputTokens();
  }

  /** Tokens of prompt and answer together, on average. */
  public long expectedTokens() {
    return promptTokens() + (long) expectedOutputTokens();
  }

  /** Tokens the answer has on average, at least 1. */
  public int expectedOutputTokens() {
    return (int) Math.round(output.mean());
  }
}
