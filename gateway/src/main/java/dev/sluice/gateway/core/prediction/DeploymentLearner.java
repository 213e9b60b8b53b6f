package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Calibration;

/** Learns what concerns one deployment: a track for each quantity and regime. */
final class DeploymentLearner {

  private final TrackLearner idleFirstToken = new TrackLearner(Calibration.NONE.idleFirstToken());
  private final TrackLearner queuedFirstToken =
      new TrackLearner(Calibration.NONE.queuedFirstToken());
  private final TrackLearner perToken = new TrackLearner(Calibration.NONE.perToken());

  /** Learner of the time to the first token. */
  TrackLearner firstToken(boolean queued) {
    return queued ? queuedFirstToken : idleFirstToken;
  }

  /** Learner of the time per token after it. */
  TrackLearner perToken() {
    return perToken;
  }

  /** What is known by now. */
  Calibration calibration() {
    return new Calibration(idleFirstToken.track(), queuedFirstToken.track(), perToken.track());
  }
}
