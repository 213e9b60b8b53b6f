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
  private final Totals totals;
  private final long tickedNanos;

  private FleetSnapshot(
      DeploymentState[] states, Map<String, List<Pool>> pools, Totals totals, long tickedNanos) {
    this.states = states;
    this.pools = pools;
    this.totals = totals;
    this.tickedNanos = tickedNanos;
  }

  /**
   * Sums over all deployments, kept up with each observation: nobody scans the fleet for them.
   *
   * @param shares attempts of late by vendor
   * @param watts drawn by all together, by estimate
   */
  private record Totals(VendorShares shares, double watts) {}

  /**
   * The fleet of {@code deployments}, idle and reachable.
   *
   * @throws IllegalArgumentException if a deployment's index is not its place in the list
   */
  public static FleetSnapshot of(List<Deployment> deployments) {
    for (int i = 0; i < deployments.size(); i++) {
      Deployment deployment = deployments.get(i);
      if (deployment.index() != i) {
        throw new IllegalArgumentException(
            "index of %s: %d (expected: %d)"
                .formatted(deployment.backend(), deployment.index(), i));
      }
    }
    Map<String, List<Pool>> pools = Pool.of(deployments);
    DeploymentState[] states = new DeploymentState[deployments.size()];
    for (List<Pool> ofModel : pools.values()) {
      for (Pool pool : ofModel) {
        for (int index : pool.members()) {
          states[index] = DeploymentState.fresh(pool.alike(deployments.get(index)));
        }
      }
    }
    double watts = 0;
    for (DeploymentState state : states) {
      watts += state.watts();
    }
    Totals totals = new Totals(VendorShares.of(deployments), watts);
    return new FleetSnapshot(states, pools, totals, Long.MIN_VALUE);
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

  /** How the attempts of late fell on vendors. */
  public VendorShares vendorShares() {
    return totals.shares();
  }

  /** Watts that all deployments together draw, by estimate. */
  public double watts() {
    return totals.watts();
  }

  /** The snapshot after {@code observation}. */
  public FleetSnapshot after(Observation observation) {
    return switch (observation) {
      // the one observation that mostly tells nothing new
      case Observation.Reachability(int deployment, boolean reachable)
          when reachable == states[deployment].reachable() ->
          this;
      case Observation.OfDeployment one -> with(one, next(states[one.deployment()], one));
      case Observation.Tick(long nowNanos) -> ticked(nowNanos);
    };
  }

  private static DeploymentState next(DeploymentState state, Observation.OfDeployment observation) {
    Past past = state.past();
    return switch (observation) {
      case Observation.Dispatched(_, Work work, long nowNanos) ->
          state
              .with(
                  state
                      .load()
                      .dispatched(work, nowNanos, state.deployment().figures().overheadNanos()))
              .with(
                  past.with(
                      past.prefixes().after(work.written().prefix(), work.written().tokens())));
      case Observation.FirstToken(_, Work work, long sinceSentNanos, long nowNanos) ->
          state
              .with(state.load().firstToken(work, nowNanos))
              .with(past.with(past.measured().firstToken(sinceSentNanos, nowNanos)));
      case Observation.Ended ended -> ended(state, ended);
      case Observation.Reachability(_, boolean reachable) -> reachable(state, reachable);
      case Observation.Reported said -> state.with(Report.of(said, state.load()));
      case Observation.Learned(_, Calibration calibration) -> state.with(calibration);
    };
  }

  private static DeploymentState ended(DeploymentState state, Observation.Ended ended) {
    DeploymentState next = state.with(state.load().ended(ended.work(), ended.outputTokens() > 0));
    return ended.complete() && ended.outputTokens() > 0
        ? next.with(state.past().with(state.measured().answered(ended)))
        : next;
  }

  /** Who can not be reached may be starting anew, and then holds no prompt any more. */
  private static DeploymentState reachable(DeploymentState state, boolean reachable) {
    Past past = state.past();
    DeploymentState next = state.withReachable(reachable);
    return reachable ? next : next.with(past.with(past.prefixes().forgotten()));
  }

  private FleetSnapshot with(Observation.OfDeployment observation, DeploymentState next) {
    int index = observation.deployment();
    DeploymentState before = states[index];
    DeploymentState[] copy = states.clone();
    copy[index] = next;
    VendorShares shares =
        observation instanceof Observation.Dispatched sent
            ? totals.shares().with(next.deployment().identity().vendor(), sent.nowNanos())
            : totals.shares();
    double watts = totals.watts() + next.watts() - before.watts();
    return new FleetSnapshot(copy, pools, new Totals(shares, watts), tickedNanos);
  }

  private FleetSnapshot ticked(long nowNanos) {
    if (tickedNanos == Long.MIN_VALUE || nowNanos <= tickedNanos) {
      return new FleetSnapshot(states, pools, totals, nowNanos);
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
    return new FleetSnapshot(copy, pools, totals, nowNanos);
  }
}
