package dev.sluice.gateway.core.fleet;

import java.util.List;
import java.util.Map;

/**
 * The fleet at one instant. Immutable: {@link #after} gives the next snapshot and copies one array
 * of references.
 *
 * <p>Pools of a model are found by its name, in the order of the configuration, so that every run
 * iterates alike.
 */
public final class FleetSnapshot {

  private final DeploymentState[] states;
  private final Map<String, List<Pool>> pools;
  private final long tickedNanos;

  private FleetSnapshot(DeploymentState[] states, Map<String, List<Pool>> pools, long tickedNanos) {
    this.states = states;
    this.pools = pools;
    this.tickedNanos = tickedNanos;
  }

  /**
   * The fleet of {@code deployments}, idle and reachable.
   *
   * @throws IllegalArgumentException if a deployment's index is not its place in the list
   */
  public static FleetSnapshot of(List<Deployment> deployments) {
    DeploymentState[] states = new DeploymentState[deployments.size()];
    for (int i = 0; i < states.length; i++) {
      Deployment deployment = deployments.get(i);
      if (deployment.index() != i) {
        throw new IllegalArgumentException(
            "index of %s: %d (expected: %d)"
                .formatted(deployment.backend(), deployment.index(), i));
      }
      states[i] = DeploymentState.fresh(deployment);
    }
    return new FleetSnapshot(states, Pool.of(deployments), Long.MIN_VALUE);
  }

  /** Number of deployments. */
  public int size() {
    return states.length;
  }

  /** The deployment with this index. */
  public DeploymentState get(int index) {
    return states[index];
  }

  /** The pools of {@code model}, in the order of the fleet. */
  public List<Pool> pools(String model) {
    return pools.getOrDefault(model, List.of());
  }

  /** The snapshot after {@code observation}. */
  public FleetSnapshot after(Observation observation) {
    return switch (observation) {
      case Observation.OfDeployment one ->
          with(one.deployment(), next(states[one.deployment()], one));
      case Observation.Tick(long nowNanos) -> ticked(nowNanos);
    };
  }

  private static DeploymentState next(DeploymentState state, Observation.OfDeployment observation) {
    return switch (observation) {
      case Observation.Dispatched(_, Work work, long nowNanos) ->
          state.with(
              state
                  .load()
                  .dispatched(work, nowNanos, state.deployment().figures().overheadNanos()));
      case Observation.FirstToken(_, Work work, long sinceSentNanos, long nowNanos) ->
          state
              .with(state.load().firstToken(work, nowNanos))
              .with(state.measured().firstToken(sinceSentNanos, nowNanos));
      case Observation.Ended ended -> ended(state, ended);
      case Observation.Reachability(_, boolean reachable) -> state.withReachable(reachable);
      case Observation.Reported said -> state.with(Report.of(said, state.load()));
      case Observation.Learned(_, Calibration calibration) -> state.with(calibration);
    };
  }

  private static DeploymentState ended(DeploymentState state, Observation.Ended ended) {
    DeploymentState next = state.with(state.load().ended(ended.work(), ended.outputTokens() > 0));
    return ended.complete() && ended.outputTokens() > 0
        ? next.with(
            state
                .measured()
                .answered(ended.sinceSentNanos(), ended.outputTokens(), ended.nowNanos()))
        : next;
  }

  private FleetSnapshot with(int index, DeploymentState next) {
    if (next.equals(states[index])) {
      return this;
    }
    DeploymentState[] copy = states.clone();
    copy[index] = next;
    return new FleetSnapshot(copy, pools, tickedNanos);
  }

  private FleetSnapshot ticked(long nowNanos) {
    if (tickedNanos == Long.MIN_VALUE || nowNanos <= tickedNanos) {
      return new FleetSnapshot(states, pools, nowNanos);
    }
    DeploymentState[] copy = states.clone();
    for (int i = 0; i < copy.length; i++) {
      double price =
          BidPrice.after(
              copy[i].price(), copy[i].load().utilisation(nowNanos), nowNanos - tickedNanos);
      if (price != copy[i].price()) {
        copy[i] = copy[i].withPrice(price);
      }
    }
    return new FleetSnapshot(copy, pools, nowNanos);
  }
}
