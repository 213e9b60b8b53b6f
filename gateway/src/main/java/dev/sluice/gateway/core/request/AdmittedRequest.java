package dev.sluice.gateway.core.request;

/**
 * A request with nothing left open.
 *
 * @param request the request as the caller put it
 * @param model the model it is for
 * @param serviceClass its class
 * @param budget how long the caller can wait, defaults applied
 * @param deadlineNanos instant at which it ends whatever happens
 * @param output how long the answer may become
 */
public record AdmittedRequest(
    InferenceRequest request,
    Model model,
    ServiceClass serviceClass,
    Budget budget,
    long deadlineNanos,
    OutputLength output) {

  /** Tokens of the prompt. */
  public int promptTokens() {
    return request.size().promptTokens();
  }

  /** Most tokens of the answer, at least 1. */
  public int maxOutputTokens() {
    return output.most();
  }

  /** Tokens the answer has on average, at least 1. */
  public int expectedOutputTokens() {
    return (int) Math.round(output.mean());
  }
}
