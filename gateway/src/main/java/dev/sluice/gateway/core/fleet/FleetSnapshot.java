package dev.sluice.gateway.core.fleet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fleet at one instant. Immutable: {@link #after} gives the next snapshot and copies one array
 * of references.
 *
 * <p>Deployments of a model are found by name in the order of the configuration, so that every run
 * iterates alike.
 */
public final class FleetSnapshot {

  private static final int[] NONE = {};

  private final DeploymentState[] states;
  private final Map<String, int[]> byModel;

  private FleetSnapshot(DeploymentState[] states, Map<String, int[]> byModel) {
    this.states = states;
    this.byModel = byModel;
  }

  /**
   * The fleet of {@code deployments}, idle and reachable.
   *
   * @throws IllegalArgumentException if a deployment's index is not its place in the list
   */
  public static FleetSnapshot of(List<Deployment> deployments) {
    DeploymentState[] states = new DeploymentState[deployments.size()];
    Map<String, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < states.length; i++) {
      Deployment deployment = deployments.get(i);
      if (deployment.index() != i) {
        throw new IllegalArgumentException(
            "index of "
                + deployment.backend()
                + ": "
                + deployment.index()
                + " (expected: "
                + i
                + ")");
      }
      states[i] = new DeploymentState(deployment, Load.IDLE, true);
      places.computeIfAbsent(deployment.identity().model(), _ -> new ArrayList<>()).add(i);
    }
    Map<String, int[]> byModel = new LinkedHashMap<>();
    places.forEach((model, list) -> byModel.put(model, toArray(list)));
    return new FleetSnapshot(states, byModel);
  }

  private static int[] toArray(List<Integer> list) {
    int[] array = new int[list.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = list.get(i);
    }
    return array;
  }

  /** Number of deployments. */
  public int size() {
    return states.length;
  }

  /** The deployment with this index. */
  public DeploymentState get(int index) {
    return states[index];
  }

  /** Number of deployments of {@code model}. */
  public int sizeOf(String model) {
    return byModel.getOrDefault(model, NONE).length;
  }

  /** The {@code place}-th deployment of {@code model}, 0 … {@link #sizeOf} − 1. */
  public DeploymentState get(String model, int place) {
    return states[byModel.getOrDefault(model, NONE)[place]];
  }

  /** The snapshot after {@code observation}. */
  public FleetSnapshot after(Observation observation) {
    DeploymentState state = states[observation.deployment()];
    DeploymentState next =
        switch (observation) {
          case Observation.Dispatched(_, Work work, long nowNanos) ->
              withLoad(state, state.load().dispatched(work, nowNanos));
          case Observation.FirstToken(_, Work work) ->
              withLoad(state, state.load().firstToken(work));
          case Observation.Ended(_, Work work, boolean hadToken) ->
              withLoad(state, state.load().ended(work, hadToken));
          case Observation.Reachability(_, boolean reachable) ->
              new DeploymentState(state.deployment(), state.load(), reachable);
        };
    if (next.equals(state)) {
      return this;
    }
    DeploymentState[] copy = states.clone();
    copy[observation.deployment()] = next;
    return new FleetSnapshot(copy, byModel);
  }

  private static DeploymentState withLoad(DeploymentState state, Load load) {
    return new DeploymentState(state.deployment(), load, state.reachable());
  }
}
