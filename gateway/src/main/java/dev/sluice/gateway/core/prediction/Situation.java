package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.fleet.Report;

/** What is known of a deployment at one instant. Filled anew for each candidate. */
final class Situation {

  final long nowNanos;
  Load load = Load.IDLE;
  Report report = Report.NONE;
  Calibration calibration = Calibration.NONE;
  int cachedTokens;

  /** Expected time to the first token; known when the time per token is asked for. */
  double firstTokenNanos;

  Situation(long nowNanos) {
    this.nowNanos = nowNanos;
  }

  /** The deployment as it stands; {@code cached} tokens of the prompt need no work. */
  void asItStands(DeploymentState state, int cached) {
    load = state.load();
    report = state.report();
    calibration = state.calibration();
    cachedTokens = cached;
  }

  /** The deployment as if nothing were under way there. */
  void asIfIdle(DeploymentState state) {
    load = Load.IDLE;
    report = Report.NONE;
    calibration = state.calibration();
    cachedTokens = 0;
  }

  /** Prompt tokens ahead, ours and others'. */
  double promptTokensAhead() {
    return load.prompts().tokens() + (double) report.hiddenPrefillTokens();
  }

  /** Since when those ahead are worked on, or how they stood then is known. */
  long aheadSinceNanos() {
    return load.prompts().requests() > 0 ? load.prompts().sinceNanos() : report.atNanos();
  }

  /** Sequences that decode, ours and others'. */
  double decoding() {
    return load.decoding() + (double) report.hiddenSequences();
  }

  /** Requests under way, ours and others'. */
  double inFlight() {
    return load.inFlight() + (double) report.hiddenSequences();
  }
}
