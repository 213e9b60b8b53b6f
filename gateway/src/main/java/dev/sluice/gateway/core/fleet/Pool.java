package dev.sluice.gateway.core.fleet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Deployments of one model that are alike in all that never changes: what one of them may serve,
 * each may, at the same cost.
 *
 * @param example one of them
 * @param members their indexes in the fleet, ascending; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of members, compared by nobody
public record Pool(Deployment example, int[] members) {

  private record Likeness(
      Deployment.Identity identity,
      Figures figures,
      Economics economics,
      int contextTokens,
      List<String> tenants,
      Skills skills) {

    static Likeness of(Deployment deployment) {
      Deployment.Identity own = deployment.identity();
      return new Likeness(
          new Deployment.Identity(
              "", own.model(), own.kind(), own.region(), own.profile(), own.vendor()),
          deployment.figures(),
          deployment.economics(),
          deployment.contextTokens(),
          deployment.tenants(),
          deployment.skills());
    }
  }

  /** The pools of {@code deployments} by model, both in the order of the fleet. */
  static Map<String, List<Pool>> of(List<Deployment> deployments) {
    Map<Likeness, List<Deployment>> alike = new LinkedHashMap<>();
    for (Deployment deployment : deployments) {
      alike.computeIfAbsent(Likeness.of(deployment), _ -> new ArrayList<>()).add(deployment);
    }
    Map<String, List<Pool>> pools = new LinkedHashMap<>();
    for (List<Deployment> members : alike.values()) {
      Deployment example = members.getFirst();
      pools
          .computeIfAbsent(example.identity().model(), _ -> new ArrayList<>())
          .add(new Pool(example, indexes(members)));
    }
    return pools;
  }

  /**
   * {@code member} with the example's figures in place of its own equal ones: a decision over
   * thousands then finds them in the cache.
   */
  Deployment alike(Deployment member) {
    return new Deployment(
        member.index(),
        member.identity(),
        example.figures(),
        example.economics(),
        example.contextTokens(),
        example.tenants(),
        example.skills());
  }

  private static int[] indexes(List<Deployment> members) {
    int[] indexes = new int[members.size()];
    for (int i = 0; i < indexes.length; i++) {
      indexes[i] = members.get(i).index();
    }
    return indexes;
  }

  @Override
  public String toString() {
    return "Pool[" + members.length + " like " + example.backend() + "]";
  }
}
