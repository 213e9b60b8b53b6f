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

  /** The sum of parts of the time to the first token, each times its factor. */
  static double firstToken(double[] parts, Track track) {
    // in two sums side by side, as each addition waits for the one before
    double even =
        parts[OVERHEAD] * track.factor(OVERHEAD)
            + parts[PROMPTS_AHEAD] * track.factor(PROMPTS_AHEAD)
            + parts[STEP_SEQUENCES] * track.factor(STEP_SEQUENCES)
            + parts[WAIT] * track.factor(WAIT);
    double odd =
        parts[OWN_PROMPT] * track.factor(OWN_PROMPT)
            + parts[STEPS] * track.factor(STEPS)
            + parts[STEP_KV] * track.factor(STEP_KV);
    return even + odd;
  }

  /** The sum of parts of the time per token, each times its factor. */
  static double perToken(double[] parts, Track track) {
    double even = parts[STEP] * track.factor(STEP) + parts[KV] * track.factor(KV);
    double odd =
        parts[SEQUENCES] * track.factor(SEQUENCES) + parts[PROMPTS] * track.factor(PROMPTS);
    return even + odd;
  }
}
