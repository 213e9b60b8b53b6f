package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Track;
import dev.sluice.gateway.core.request.LengthKey;

/**
 * What was expected of one attempt, in the form that its outcome is learned from.
 *
 * @param deployment index of the deployment
 * @param queued whether somebody was ahead
 * @param saturated whether the prompts of others were to fill every step
 * @param firstToken what was expected of the time to the first token
 * @param perToken what was expected of the time per token after it
 * @param forecast what was said
 * @param lengthKey what the answer's length is learned by
 */
public record Prediction(
    int deployment,
    boolean queued,
    boolean saturated,
    Expected firstToken,
    Expected perToken,
    Forecast forecast,
    LengthKey lengthKey) {

  /** A prediction from physics alone, for a model and a tenant that are not said. */
  public Prediction(
      int deployment,
      boolean queued,
      double[] firstTokenParts,
      double[] perTokenParts,
      Forecast forecast) {
    this(
        deployment,
        queued,
        false,
        new Expected(firstTokenParts, forecast.firstTokenNanos(), Track.prior(), 1),
        new Expected(perTokenParts, forecast.perTokenNanos(), Track.prior(), 1),
        forecast,
        LengthKey.of("", "", Integer.MAX_VALUE));
  }

  /**
   * What was expected of one quantity.
   *
   * @param parts its physics in nanoseconds; see {@link Components}; not copied
   * @param nanos what the corrected physics said: what the distribution is around
   * @param track what was known then
   * @param weight what its outcome teaches, 0 … 1: the same chance strikes all who are under way
   *     together, so that their outcomes teach less than as many others
   */
  @SuppressWarnings("ArrayRecordComponent") // one per request, compared by nobody
  public record Expected(double[] parts, double nanos, Track track, double weight) {

    /** Whether something can be learned from it. */
    boolean usable() {
      double sum = 0;
      for (double part : parts) {
        sum += part < 0 ? Double.NaN : part;
      }
      return parts.length == Track.COMPONENTS && Learner.plausible(sum) && Learner.plausible(nanos);
    }

    @Override
    public String toString() {
      return nanos + " ns";
    }
  }
}
