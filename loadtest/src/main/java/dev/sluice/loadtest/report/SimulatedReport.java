package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What came of a trace that was replayed in virtual time.
 *
 * @param trace what was replayed
 * @param policies a result for each policy, seed and rate, in the order in which they are told
 * @param bounds what could have been attained, at most one for each rate; may be empty
 */
public record SimulatedReport(
    SimulatedTrace trace, List<PolicyResult> policies, List<BoundBracket> bounds) {
  public SimulatedReport {
    policies = List.copyOf(policies);
    bounds = List.copyOf(bounds);
    if (policies.isEmpty()) {
      throw new IllegalArgumentException("policies: none (expected: one or more)");
    }
    Set<PolicyRun> runs = new LinkedHashSet<>();
    for (PolicyResult result : policies) {
      if (!runs.add(result.run())) {
        throw new IllegalArgumentException("run: " + result.run() + " twice (expected: once)");
      }
    }
    if (bounds.stream().map(BoundBracket::rateScale).distinct().count() < bounds.size()) {
      throw new IllegalArgumentException("bounds: " + bounds + " (expected: one for each rate)");
    }
  }

  /** The rates that were tried, ascending. */
  List<Double> rateScales() {
    return policies.stream().map(each -> each.run().rateScale()).distinct().sorted().toList();
  }

  /** The rate that is shown where one must do: the one nearest to the trace's own. */
  double shownScale() {
    return rateScales().stream()
        .min(Comparator.comparingDouble(scale -> Math.abs(scale - 1)))
        .orElseThrow();
  }

  /** The runs at one rate by policy, in their order. */
  List<PolicyGroup> groups(double rateScale) {
    Map<String, List<PolicyResult>> byPolicy = new LinkedHashMap<>();
    for (PolicyResult result : policies) {
      if (result.run().rateScale() == rateScale) {
        byPolicy.computeIfAbsent(result.run().policy(), _ -> new ArrayList<>()).add(result);
      }
    }
    List<PolicyGroup> groups = new ArrayList<>();
    byPolicy.forEach((policy, runs) -> groups.add(new PolicyGroup(policy, rateScale, runs)));
    return groups;
  }

  /** Names of the policies, in their order. */
  List<String> policyNames() {
    return names(result -> Stream.of(result.run().policy()));
  }

  /** Names of the service classes, in the order of their declaration. */
  List<String> classNames() {
    return names(result -> result.parts().byClass().keySet().stream());
  }

  /** Kinds of accelerators that served anything, by name. */
  List<String> accelerators() {
    return names(result -> result.parts().completedByAccelerator().keySet().stream()).stream()
        .sorted()
        .toList();
  }

  private List<String> names(Function<PolicyResult, Stream<String>> names) {
    return policies.stream().flatMap(names).distinct().toList();
  }

  /** The bound at a rate. */
  Optional<BoundBracket> bound(double rateScale) {
    return bounds.stream().filter(each -> each.rateScale() == rateScale).findFirst();
  }
}
