package dev.sluice.gateway.core.selection;

import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Constraints;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
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
    COST
  }

  /**
   * The selection for {@code request}; {@code tried} tells the indexes of deployments to leave out.
   */
  public static Selection of(AdmittedRequest request, FleetSnapshot fleet, IntPredicate tried) {
    String model = request.model().name();
    int size = fleet.sizeOf(model);
    List<DeploymentState> candidates = new ArrayList<>(size);
    Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
    for (int place = 0; place < size; place++) {
      DeploymentState state = fleet.get(model, place);
      Exclusion exclusion = exclusion(request, state, tried);
      if (exclusion == null) {
        candidates.add(state);
      } else {
        excluded.merge(exclusion, 1, Integer::sum);
      }
    }
    return new Selection(candidates, excluded);
  }

  private static @Nullable Exclusion exclusion(
      AdmittedRequest request, DeploymentState state, IntPredicate tried) {
    Constraints constraints = request.request().constraints();
    if (!constraints.regions().isEmpty()
        && !constraints.regions().contains(state.deployment().identity().region())) {
      return Exclusion.REGION;
    }
    if (request.promptTokens() + request.maxOutputTokens() > state.deployment().contextTokens()) {
      return Exclusion.CONTEXT;
    }
    if (constraints.maxCostUsd() < Double.POSITIVE_INFINITY
        && state.deployment().costUsd(request.promptTokens(), request.expectedOutputTokens())
            > constraints.maxCostUsd()) {
      return Exclusion.COST;
    }
    if (tried.test(state.deployment().index())) {
      return Exclusion.TRIED;
    }
    return state.reachable() ? null : Exclusion.UNREACHABLE;
  }
}
