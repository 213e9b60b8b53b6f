package dev.sluice.gateway.core.fleet;

/**
 * What was learned about forecasting one deployment: how far its physics is off, and how much
 * measurements still spread around the corrected forecast. Immutable; made by the learner of {@code
 * core.prediction}.
 *
 * @param idleFirstToken of the time to the first token when nobody waits ahead
 * @param queuedFirstToken of the time to the first token when somebody does
 * @param idlePerToken of the time per token after it when nobody waited ahead
 * @param queuedPerToken of the time per token after it when somebody did
 * @param saturatedPerToken of the time per token after it when prompts of others fill every step
 */
public record Calibration(
    Track idleFirstToken,
    Track queuedFirstToken,
    Track idlePerToken,
    Track queuedPerToken,
    Track saturatedPerToken) {

  /** Nothing was learned: the physics as it is, with the spread of the prior (science §6). */
  public static final Calibration NONE = all(Track.prior());

  /** The same track for all quantities and regimes. */
  public static Calibration all(Track track) {
    return new Calibration(track, track, track, track, track);
  }

  /** Of the time to the first token, when somebody waits ahead or not. */
  public Track firstToken(boolean queued) {
    return queued ? queuedFirstToken : idleFirstToken;
  }

  /**
   * Of the time per token after it, when somebody waits ahead or not, and the prompts of others
   * fill every step or not.
   */
  public Track perToken(boolean queued, boolean saturated) {
    return saturated ? saturatedPerToken : queued ? queuedPerToken : idlePerToken;
  }
}
