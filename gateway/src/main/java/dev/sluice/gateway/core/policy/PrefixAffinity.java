package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.request.Hash;
import java.util.random.RandomGenerator;

/**
 * Prefix affinity: requests of one session, or whose prompts begin alike, go to one candidate as
 * long as it is not much fuller than the others.
 *
 * <p>Implementation note. Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam
 * 2018; HAProxy's {@code hash-balance-factor}; science §1.6): nobody holds more than {@code ⌈(1 +
 * ε)·(m + 1)⌉} times its share of the capacity, m being all requests under way, and what finds its
 * place full walks on. The order in which a key walks is that of weighted rendezvous hashing, so
 * that a candidate that comes or goes moves its own keys only, and a full one's neighbours do not
 * get all of its overflow. A request without a key draws one.
 *
 * <p>The valve is llm-d's: where the prompts that wait at the warm candidate would delay the first
 * token by more than {@link #MOST_DELAY_NANOS} over the least delay, or by more than the request's
 * whole budget for it, stickiness ends and the least delay wins. llm-d counts in tokens, {@code τ =
 * R_peak·T_max}; engine time is the same where all are alike, and means something where they are
 * not.
 */
final class PrefixAffinity implements RoutingPolicy {

  /** How much fuller than the average one may be: the usual balance of HAProxy and Google. */
  private static final double SPARE = 0.25;

  /** llm-d's default for T_max. */
  private static final long MOST_DELAY_NANOS = 18_000_000_000L;

  @Override
  public boolean needsAll() {
    return true;
  }

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    long own = candidates.request().request().size().prefix().key();
    long key = own == 0 ? random.nextLong() : own;
    int home = home(candidates, key);
    int coldest = 0;
    double least = delayNanos(candidates, 0);
    for (int place = 1; place < candidates.size(); place++) {
      double delayNanos = delayNanos(candidates, place);
      if (delayNanos < least) {
        coldest = place;
        least = delayNanos;
      }
    }
    return delayNanos(candidates, home) - least > mostDelayNanos(candidates) ? coldest : home;
  }

  private static double mostDelayNanos(Candidates candidates) {
    long budgetNanos = candidates.request().budget().firstTokenNanos();
    return budgetNanos > 0 ? Math.min(budgetNanos, MOST_DELAY_NANOS) : MOST_DELAY_NANOS;
  }

  /** The first place on the key's walk that is not full. */
  private static int home(Candidates candidates, long key) {
    double capacity = 0;
    double requests = 1;
    for (int place = 0; place < candidates.size(); place++) {
      capacity += capacity(candidates, place);
      requests += candidates.state(place).sequences();
    }
    double perCapacity = (1 + SPARE) * requests / capacity;
    Walk walk = new Walk(key);
    int home = 0;
    for (int place = 0; place < candidates.size(); place++) {
      double own = capacity(candidates, place);
      if (candidates.state(place).sequences() < Math.ceil(perCapacity * own)
          && walk.comesFirst(candidates.deployment(place).backend(), own)) {
        home = place;
      }
    }
    return home;
  }

  private static double capacity(Candidates candidates, int place) {
    return candidates.deployment(place).figures().capacityPerSecond();
  }

  /**
   * Weighted rendezvous hashing: of a name's hash u, as a number between 0 and 1, and its weight w,
   * the one with the greatest {@code −w ÷ ln u} comes first, which is each as often as its weight
   * is large. Logarithms are taken of those only that come before all so far.
   */
  private static final class Walk {

    private final long key;
    private double rank;
    private double weight = Double.NaN;
    private double hashToBeat;

    Walk(long key) {
      this.key = key;
    }

    /** Whether {@code name} comes before all that this was asked of before. */
    boolean comesFirst(String name, double ownWeight) {
      if (ownWeight != weight) {
        weight = ownWeight;
        hashToBeat = rank == 0 ? 0 : StrictMath.exp(-weight / rank);
      }
      double hash = ((Hash.mix(key ^ Hash.mix(name.hashCode())) >>> 11) + 0.5) * 0x1p-53;
      if (hash <= hashToBeat) {
        return false;
      }
      rank = -weight / StrictMath.log(hash);
      hashToBeat = hash;
      return true;
    }
  }

  /** What prompts add to the time to the first token: those that wait, and the request's own. */
  private static double delayNanos(Candidates candidates, int place) {
    DeploymentState state = candidates.state(place);
    return state.deployment().figures().enginePerPromptTokenNanos()
        * (state.pendingTokens() + candidates.uncachedTokens(place));
  }
}
