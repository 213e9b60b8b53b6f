package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.Calibration;
import java.util.random.RandomGenerator;

/**
 * Exploration: one request in a hundred goes to whom we have learned least of lately, in place of
 * the best.
 *
 * <p>Whoever once did badly is asked no more, so that nothing is learned of how he does now
 * (science §6, selection bias). But no request pays for it with its budget: only candidates that
 * are about as likely to meet it as the best take part, and only those of whom nothing was heard
 * for a while. What is believed to miss this budget gets its turn with a request that has more
 * time.
 */
final class Exploration {

  /** One request in so many explores (science §6). */
  static final int ONE_IN = 100;

  /** Odds, as a share of the best's, from which on a candidate will do. */
  private static final double AS_LIKELY = 0.98;

  /** Whoever taught something since is known. Chosen without measurement. */
  private static final long NEWS_NANOS = 10_000_000_000L;

  private Exploration() {}

  /** The place to ask where {@code best} would be asked without exploration. */
  static int instead(Candidates candidates, int best, RandomGenerator random) {
    if (candidates.size() == 1 || random.nextInt(ONE_IN) != 0) {
      return best;
    }
    int oldest = best;
    long least = Math.min(learnedNanos(candidates, best), candidates.nowNanos() - NEWS_NANOS);
    double enough = AS_LIKELY * candidates.probability(best);
    for (int place = 0; place < candidates.size(); place++) {
      long learned = learnedNanos(candidates, place);
      if (learned < least && candidates.probability(place) >= enough) {
        oldest = place;
        least = learned;
      }
    }
    return oldest;
  }

  private static long learnedNanos(Candidates candidates, int place) {
    Calibration calibration = candidates.state(place).calibration();
    return Math.max(
        calibration.idleFirstToken().learnedNanos(), calibration.queuedFirstToken().learnedNanos());
  }
}
