package dev.sluice.gateway.core.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The routing policies by the names that the configuration uses. */
public final class Policies {

  private static final Map<String, RoutingPolicy> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("bid-price", new BidPriceRouting());
    BY_NAME.put("round-robin", new RoundRobin());
    BY_NAME.put("least-request", new LeastRequest());
    BY_NAME.put("cheapest-adequate", new CheapestAdequate());
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
