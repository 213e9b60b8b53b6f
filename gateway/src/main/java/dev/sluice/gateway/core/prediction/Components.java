package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.fleet.Track;

/**
 * The physics of one candidate, in parts: what a learner corrects one by one. Filled anew for each
 * candidate, so that a decision allocates one, not one for each candidate.
 *
 * <p>Parts of the time to the first token: overhead, own prompt, prompts ahead, fixed cost of the
 * steps, their cost for sequences, their cost for key-value tokens, wait for a place. Of the time
 * per token: fixed cost of a step, cost for sequences, cost for key-value tokens, delay by the
 * prompts of others.
 */
final class Components {

  static final int OVERHEAD = 0;
  static final int OWN_PROMPT = 1;
  static final int PROMPTS_AHEAD = 2;
  static final int STEPS = 3;
  static final int STEP_SEQUENCES = 4;
  static final int STEP_KV = 5;
  static final int WAIT = 6;

  static final int STEP = 0;
  static final int SEQUENCES = 1;
  static final int KV = 2;
  static final int PROMPTS = 3;

  final double[] firstToken = new double[Track.COMPONENTS];
  final double[] perToken = new double[Track.COMPONENTS];

  /** Whether somebody is ahead: the time to the first token then is learned apart. */
  boolean queued;

  /** Whether prompts of others fill every step: the time per token then is learned apart. */
  boolean saturated;

  /** The parts' sum, each times its factor. */
  static double corrected(double[] parts, Track track) {
    double sum = 0;
    for (int k = 0; k < Track.COMPONENTS; k++) {
      sum += parts[k] * track.factor(k);
    }
    return sum;
  }
}
