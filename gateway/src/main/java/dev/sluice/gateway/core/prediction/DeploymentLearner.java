package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.Track;

/** Learns what concerns one deployment: a track for each quantity and regime. */
final class DeploymentLearner {

  private final TrackLearner idleFirstToken = new TrackLearner(Track.prior());
  private final TrackLearner queuedFirstToken = new TrackLearner(Track.prior());
  private final TrackLearner idlePerToken = new TrackLearner(Track.prior());
  private final TrackLearner queuedPerToken = new TrackLearner(Track.prior());

  /** Learner of the time to the first token. */
  TrackLearner firstToken(boolean queued) {
    return queued ? queuedFirstToken : idleFirstToken;
  }

  /** Learner of the time per token after it. */
  TrackLearner perToken(boolean queued) {
    return queued ? queuedPerToken : idlePerToken;
  }

  /** What is known by now. */
  Calibration calibration() {
    return new Calibration(
        idleFirstToken.track(),
        queuedFirstToken.track(),
        idlePerToken.track(),
        queuedPerToken.track());
  }
}
