package dev.sluice.gateway.core.policy;

import java.util.random.RandomGenerator;

/**
 * Each in turn, as often as its capacity is large, and evenly spread.
 *
 * <p>Implementation note. nginx and Envoy keep a credit or a deadline for each server. Here the
 * turn follows from the number N of attempts so far alone: the fraction of N times the golden ratio
 * falls into one of the candidates' shares, laid end to end. Weyl's sequence fills every interval
 * in proportion to its length, and by the three-distance theorem the turns of one candidate are at
 * most three different distances apart, so no candidate is asked in bursts. Nothing is remembered,
 * so one that was away is not flooded when it returns.
 */
final class WeightedRoundRobin implements RoutingPolicy {

  /** The golden ratio's fraction in units of 2⁻⁶⁴: the number worst to approximate by ratios. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  @Override
  public int choose(Candidates candidates, RandomGenerator random) {
    double all = 0;
    long turn = 0;
    for (int place = 0; place < candidates.size(); place++) {
      all += weight(candidates, place);
      turn += candidates.state(place).load().dispatched();
    }
    double left = all * ((turn * GOLDEN) >>> 11) * 0x1p-53;
    for (int place = 0; place < candidates.size(); place++) {
      left -= weight(candidates, place);
      if (left < 0) {
        return place;
      }
    }
    return candidates.size() - 1; // what rounding left over
  }

  private static double weight(Candidates candidates, int place) {
    return candidates.deployment(place).figures().capacityPerSecond();
  }
}
