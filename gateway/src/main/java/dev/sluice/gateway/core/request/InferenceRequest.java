package dev.sluice.gateway.core.request;

/**
 * A request as the caller put it, without its text.
 *
 * @param id the caller's id or one made for it
 * @param model name of the model as the caller wrote it
 * @param size how much work it is
 * @param budget how long the caller can wait, as far as said
 * @param serviceClass name of the service class; empty when not said
 * @param constraints what a deployment must satisfy
 * @param timing when it arrived and when it ends at the latest
 */
public record InferenceRequest(
    String id,
    String model,
    Size size,
    Budget budget,
    String serviceClass,
    Constraints constraints,
    Timing timing) {

  /**
   * When a request arrived and when it ends at the latest.
   *
   * @param arrivalNanos instant of arrival
   * @param deadlineNanos instant of the caller's own deadline; {@link Long#MAX_VALUE} for none
   */
  public record Timing(long arrivalNanos, long deadlineNanos) {}
}
