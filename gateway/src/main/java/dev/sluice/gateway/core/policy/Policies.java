package dev.sluice.gateway.core.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The routing policies by the names that the configuration uses. */
public final class Policies {

  private static final Map<String, RoutingPolicy> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("bid-price", new BidPriceRouting());
    BY_NAME.put("cheapest-adequate", new CheapestAdequate());
    BY_NAME.put("random", new AnyOne());
    BY_NAME.put("round-robin", new RoundRobin());
    BY_NAME.put("weighted-round-robin", new WeightedRoundRobin());
    BY_NAME.put("least-request", new LeastRequest());
    BY_NAME.put("power-of-two", new PowerOfTwo());
    BY_NAME.put("peak-ewma", new PeakEwma());
    BY_NAME.put("c3", new CubicReplica());
    BY_NAME.put("prequal", new Prequal());
    BY_NAME.put("token-load", new TokenLoad());
    BY_NAME.put("prefix-affinity", new PrefixAffinity());
    BY_NAME.put("fastest", new Fastest());
    BY_NAME.put("headroom-least", Headroom.least());
    BY_NAME.put("headroom-most", Headroom.most());
  }

  private Policies() {}

  /** Names of all policies. */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * The policy called {@code name}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static RoutingPolicy named(String name) {
    RoutingPolicy policy = BY_NAME.get(name);
    if (policy == null) {
      throw new IllegalArgumentException("policy: " + name + " (expected: one of " + names() + ")");
    }
    return policy;
  }
}
