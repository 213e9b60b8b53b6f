package dev.sluice.gateway.core.request;

/**
 * A request with nothing left open.
 *
 * @param request the request as the caller put it
 * @param model the model it is for
 * @param serviceClass its class
 * @param budget how long the caller can wait, defaults applied
 * @param deadlineNanos instant at which it ends whatever happens
 * @param maxOutputTokens most tokens of the answer, at least 1
 */
public record AdmittedRequest(
    InferenceRequest request,
    Model model,
    ServiceClass serviceClass,
    Budget budget,
    long deadlineNanos,
    int maxOutputTokens) {

  /**
   * Length that an answer is expected to have when nobody says: the mean of the Azure 2023
   * conversation trace (Splitwise, ISCA 2024), 201 tokens.
   */
  private static final int TYPICAL_OUTPUT_TOKENS = 201;

  /** Tokens of the prompt. */
  public int promptTokens() {
    return request.size().promptTokens();
  }

  /** Tokens the answer probably has: the hint, else a typical length; never more than allowed. */
  public int expectedOutputTokens() {
    int hint = request.size().expectedOutputTokens();
    return Math.min(hint > 0 ? hint : TYPICAL_OUTPUT_TOKENS, maxOutputTokens);
  }
}
