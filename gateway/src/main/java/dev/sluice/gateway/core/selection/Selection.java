package dev.sluice.gateway.core.selection;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Pool;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Constraints;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which deployments could serve a request, and why not the others.
 *
 * @param candidates those that could, in the fleet's order
 * @param excluded number of the others by reason
 */
public record Selection(List<DeploymentState> candidates, Map<Exclusion, Integer> excluded) {

  /** Why a deployment of the model can not serve a request. */
  public enum Exclusion {
    /** No connection. */
    UNREACHABLE,
    /** An earlier attempt of this request failed there. */
    TRIED,
    /** Its region is not among those allowed. */
    REGION,
    /** Prompt and answer do not fit its context. */
    CONTEXT,
    /** Its estimated cost is above the request's limit. */
    COST,
    /** It is kept for other tenants. */
    TENANT
  }

  /**
   * Most candidates that are looked at of a pool, whose members differ by their load only. The best
   * of 64 drawn is among the best 5 % of all with probability 1 − 0.95^64 = 96 %, and a decision
   * costs the same for a hundred and for ten thousand.
   */
  static final int MOST_OF_POOL = 64;

  /**
   * The selection for {@code request}; {@code tried} tells the indexes of deployments to leave out.
   */
  public static Selection of(
      AdmittedRequest request, FleetSnapshot fleet, IntPredicate tried, RandomGenerator random) {
    List<DeploymentState> candidates = new ArrayList<>();
    Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
    for (Pool pool : fleet.pools(request.model().name())) {
      Exclusion exclusion = exclusion(request, pool.example());
      if (exclusion != null) {
        excluded.merge(exclusion, pool.members().length, Integer::sum);
      } else if (!sample(pool, fleet, tried, random, candidates)) {
        addAll(pool, fleet, tried, candidates, excluded);
      }
    }
    return new Selection(candidates, excluded);
  }

  /** Why nobody of a pool can serve the request; null when its members could. */
  private static @Nullable Exclusion exclusion(AdmittedRequest request, Deployment deployment) {
    Constraints constraints = request.request().constraints();
    if (!constraints.regions().isEmpty()
        && !constraints.regions().contains(deployment.identity().region())) {
      return Exclusion.REGION;
    }
    if (!deployment.tenants().isEmpty() && !deployment.tenants().contains(constraints.tenant())) {
      return Exclusion.TENANT;
    }
    if (request.promptTokens() + request.maxOutputTokens() > deployment.contextTokens()) {
      return Exclusion.CONTEXT;
    }
    if (constraints.maxCostUsd() < Double.POSITIVE_INFINITY
        && deployment.costUsd(request.promptTokens(), request.expectedOutputTokens())
            > constraints.maxCostUsd()) {
      return Exclusion.COST;
    }
    return null;
  }

  private static void addAll(
      Pool pool,
      FleetSnapshot fleet,
      IntPredicate tried,
      List<DeploymentState> candidates,
      Map<Exclusion, Integer> excluded) {
    for (int index : pool.members()) {
      DeploymentState state = fleet.get(index);
      if (tried.test(index)) {
        excluded.merge(Exclusion.TRIED, 1, Integer::sum);
      } else if (!state.reachable()) {
        excluded.merge(Exclusion.UNREACHABLE, 1, Integer::sum);
      } else {
        candidates.add(state);
      }
    }
  }

  /**
   * Adds {@link #MOST_OF_POOL} members spread evenly over a large pool from a random start; false
   * when the pool is small or hardly any of them can be asked, so that all must be looked at.
   */
  private static boolean sample(
      Pool pool,
      FleetSnapshot fleet,
      IntPredicate tried,
      RandomGenerator random,
      List<DeploymentState> candidates) {
    int[] members = pool.members();
    if (members.length <= MOST_OF_POOL) {
      return false;
    }
    int before = candidates.size();
    int start = random.nextInt(members.length);
    for (int i = 0; i < MOST_OF_POOL; i++) {
      long step = (long) i * members.length / MOST_OF_POOL;
      DeploymentState state = fleet.get(members[(int) ((start + step) % members.length)]);
      if (state.reachable() && !tried.test(state.deployment().index())) {
        candidates.add(state);
      }
    }
    if (candidates.size() - before >= MOST_OF_POOL / 4) {
      return true;
    }
    candidates.subList(before, candidates.size()).clear();
    return false;
  }
}
