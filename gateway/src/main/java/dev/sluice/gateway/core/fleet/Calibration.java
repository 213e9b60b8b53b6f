package dev.sluice.gateway.core.fleet;

/**
 * What was learned about forecasting one deployment: how far its physics is off, and how much
 * measurements still spread around the corrected forecast. Immutable; made by the learner of {@code
 * core.prediction}.
 *
 * @param idleFirstToken of the time to the first token when nobody waits ahead
 * @param queuedFirstToken of the time to the first token when somebody does
 * @param perToken of the time per token after it
 */
public record Calibration(Track idleFirstToken, Track queuedFirstToken, Track perToken) {

  /** Nothing was learned: the physics as it is, with the spread of the prior (science §6). */
  public static final Calibration NONE =
      new Calibration(Track.prior(0.30), Track.prior(0.30), Track.prior(0.10));
}
