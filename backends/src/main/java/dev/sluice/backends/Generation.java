package dev.sluice.backends;

/**
 * One request as a backend sees it.
 *
 * @param requestId the request's id, for the backend's own logs
 * @param model name of the model at the backend
 * @param prompt what to continue
 * @param sampling how to draw tokens
 * @param terms how long and for whom
 */
public record Generation(
    String requestId, String model, Prompt prompt, Sampling sampling, Terms terms) {

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
