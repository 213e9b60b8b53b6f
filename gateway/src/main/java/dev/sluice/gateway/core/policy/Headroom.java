package dev.sluice.gateway.core.policy;

import java.util.random.RandomGenerator;

/**
 * llm-d's scheduling by predicted latency (science §1.4): headroom is what a budget leaves over the
 * prediction, for the first token and per token after it; per token no more than the tightest
 * budget leaves of those that run there.
 *
 * <p>Candidates without a negative headroom form the upper tier, the others the lower one. The
 * upper tier is taken if there is one, except that one time in a hundred the lower one is, so that
 * a candidate that recovered is found out. Of the lower tier only idle candidates count if there
 * are any, else those that miss the time per token only, else the first token only, else both. In
 * the tier both headrooms are scaled to 0 … 1 and blended, and a candidate is drawn by weight: the
 * less headroom the heavier, or the more the heavier; of the lower tier always the smaller deficit.
 *
 * <p>Where llm-d has no rule or another input: predictions are medians here; a total budget limits
 * the time per token by what it leaves after the first; a part without a budget has no headroom to
 * differ in; and without any budget all of them are 0, as in llm-d, so the fastest weighs most.
 */
final class Headroom implements RoutingPolicy {

  /** Probability of trying the lower tier: llm-d's default. */
  private static final double EXPLORE = 0.01;

  private final boolean most;

  private Headroom(boolean most) {
    this.most = most;
  }

  /** Fills up whoever is closest to the budget, and so keeps room elsewhere. */
  static Headroom least() {
    return new Headroom(false);
  }

  /** Keeps the most distance from the budget. */
  static Headroom most() {
    return new Headroom(true);
  }

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    Headrooms headrooms = new Headrooms(candidates);
    int positive = headrooms.count(Headrooms.Tier.POSITIVE);
    boolean both = positive > 0 && positive < candidates.size();
    boolean upper = both ? random.nextDouble() >= EXPLORE : positive > 0;
    Headrooms.Tier tier = upper ? Headrooms.Tier.POSITIVE : headrooms.leastSevere();
    return headrooms.draw(tier, upper && most, random);
  }
}
