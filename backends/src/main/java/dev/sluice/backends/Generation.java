package dev.sluice.backends;

import java.util.List;

/**
 * One request as a backend sees it.
 *
 * @param requestId the request's id, for the backend's own logs
 * @param model name of the model at the backend
 * @param prompt what to continue
 * @param sampling how to draw tokens
 * @param terms how long and for whom
 * @param progress what the caller has of the answer already, from another backend
 * @param resumption which continuations will do should the answer break off behind a backend that
 *     is a gateway itself
 */
public record Generation(
    String requestId,
    String model,
    Prompt prompt,
    Sampling sampling,
    Terms terms,
    Progress progress,
    Resumption resumption) {

  /** A generation from the beginning of the answer. */
  public Generation(String requestId, String model, Prompt prompt, Sampling sampling, Terms terms) {
    this(requestId, model, prompt, sampling, terms, Progress.NONE);
  }

  /** A generation that may be continued token for token. */
  public Generation(
      String requestId,
      String model,
      Prompt prompt,
      Sampling sampling,
      Terms terms,
      Progress progress) {
    this(requestId, model, prompt, sampling, terms, progress, Resumption.EXACT);
  }

  /**
   * What was delivered of an answer before it broke off. The continuation begins with token {@code
   * tokens}; limits and counts of the generation are of the whole answer.
   *
   * @param tokens number of tokens
   * @param text their text
   * @param ids their ids, where the engine told them, else empty
   */
  public record Progress(int tokens, String text, List<Integer> ids) {

    /** Nothing yet. */
    public static final Progress NONE = new Progress(0, "", List.of());

    public Progress {
      if (tokens < 0) {
        throw new IllegalArgumentException("tokens: " + tokens + " (expected: >= 0)");
      }
      ids = List.copyOf(ids);
    }

    /** Tells the number of tokens but not their text, which is the caller's. */
    @Override
    public String toString() {
      return "Progress[" + tokens + "]";
    }
  }

  /**
   * Terms of the request, as they stand when the attempt starts. Lengths are nanoseconds, 0 for
   * none.
   *
   * @param timeoutNanos hard end, from now
   * @param firstTokenNanos what is left of the budget for the first token
   * @param perTokenNanos budget for each token after it
   * @param totalNanos what is left of the budget for the whole answer
   * @param serviceClass name of the service class; empty for none
   * @param session affinity key; empty for none
   * @param expectedOutputTokens hint on the answer's length; 0 for none
   */
  public record Terms(
      long timeoutNanos,
      long firstTokenNanos,
      long perTokenNanos,
      long totalNanos,
      String serviceClass,
      String session,
      int expectedOutputTokens) {

    /** No limit and no hint at all. */
    public static final Terms NONE = new Terms(0, 0, 0, 0, "", "", 0);
  }
}
