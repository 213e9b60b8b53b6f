package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.request.LengthKey;

/**
 * What was expected of one attempt, in the form that its outcome is learned from.
 *
 * @param deployment index of the deployment
 * @param queued whether somebody was ahead
 * @param firstTokenParts physics of the time to the first token in nanoseconds; see {@link
 *     Components}; not copied
 * @param perTokenParts physics of the time per token; not copied
 * @param forecast what was said
 * @param lengthKey what the answer's length is learned by
 */
@SuppressWarnings("ArrayRecordComponent") // one per request, compared by nobody
public record Prediction(
    int deployment,
    boolean queued,
    double[] firstTokenParts,
    double[] perTokenParts,
    Forecast forecast,
    LengthKey lengthKey) {

  /** A prediction for a model and a tenant that are not said. */
  public Prediction(
      int deployment,
      boolean queued,
      double[] firstTokenParts,
      double[] perTokenParts,
      Forecast forecast) {
    this(
        deployment,
        queued,
        firstTokenParts,
        perTokenParts,
        forecast,
        LengthKey.of("", "", Integer.MAX_VALUE));
  }

  @Override
  public String toString() {
    return "Prediction[deployment " + deployment + ", " + forecast + "]";
  }
}
