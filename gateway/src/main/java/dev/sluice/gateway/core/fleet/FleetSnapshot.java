package dev.sluice.gateway.core.fleet;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fleet at one instant. Immutable: {@link #after} gives the next snapshot and copies one array
 * of references.
 *
 * <p>Pools of a model are found by its name, in the order of the configuration, so that every run
 * iterates alike.
 */
public final class FleetSnapshot {

  /** Ten of the rounds in which time is told to pass: who misses those was not running itself. */
  private static final long PAUSE_NANOS = 1_000_000_000L;

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
   * @param pauseEndNanos end of our own last pause: what was under way then tells nothing
   * @param contended models that there is too little capacity for, as of the last tick
   */
  private record Totals(
      VendorShares shares, double watts, long pauseEndNanos, Set<String> contended) {

    Totals pausedUntil(long nanos) {
      return new Totals(shares, watts, nanos, contended);
    }

    Totals with(Set<String> nowContended) {
      return new Totals(shares, watts, pauseEndNanos, nowContended);
    }
  }

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
    Totals totals =
        new Totals(VendorShares.of(deployments), watts, Long.MIN_VALUE, new LinkedHashSet<>());
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

  /** Requests that the deployments of {@code model} have places for. */
  public int places(String model) {
    long places = 0;
    for (Pool pool : pools(model)) {
      places += (long) pool.members().length * states[pool.example().index()].places();
    }
    return (int) Math.min(places, Integer.MAX_VALUE);
  }

  /** How the attempts of late fell on vendors. */
  public VendorShares vendorShares() {
    return totals.shares();
  }

  /** Watts that all deployments together draw, by estimate. */
  public double watts() {
    return totals.watts();
  }

  /** Whether there is too little capacity for {@code model}, as of the last tick. */
  public boolean isContended(String model) {
    return totals.contended().contains(model);
  }

  /** The snapshot after {@code observation}. */
  public FleetSnapshot after(Observation observation) {
    return switch (observation) {
      // the one observation that mostly tells nothing new
      case Observation.Reachability(int deployment, boolean reachable)
          when reachable == states[deployment].reachable() ->
          this;
      case Observation.Faulted faulted -> with(faulted, faulted(faulted));
      case Observation.FirstToken first ->
          with(first, limited(next(states[first.deployment()], first), first));
      case Observation.OfDeployment one -> with(one, next(states[one.deployment()], one));
      case Observation.Tick(long nowNanos) -> ticked(nowNanos);
    };
  }

  private static DeploymentState next(DeploymentState state, Observation.OfDeployment observation) {
    Past past = state.past();
    return switch (observation) {
      case Observation.Dispatched(_, Work work, long nowNanos) ->
          state
              .with(state.health().with(state.health().breaker().dispatched()))
              .with(
                  state
                      .load()
                      .dispatched(work, nowNanos, state.deployment().figures().overheadNanos()))
              .with(
                  past.with(
                      past.prefixes().after(work.written().prefix(), work.written().tokens())));
      case Observation.FirstToken first ->
          state
              .with(state.load().firstToken(first.work(), first.nowNanos()))
              .with(
                  past.with(past.measured().firstToken(first.sinceSentNanos(), first.nowNanos())));
      case Observation.Ended ended -> ended(state, ended);
      // found out about together with the others of its model, above
      case Observation.Faulted _ -> state;
      case Observation.Drained(_, boolean drained) -> state.with(state.health().drained(drained));
      case Observation.PushedBack(_, long nanos, long nowNanos) ->
          state.with(state.health().restingFor(nanos, nowNanos));
      case Observation.Reachability(_, boolean reachable) -> reachable(state, reachable);
      case Observation.Reported said -> state.with(Report.of(said, state.load()));
      case Observation.Learned(_, Calibration calibration) -> state.with(calibration);
    };
  }

  private static DeploymentState ended(DeploymentState state, Observation.Ended ended) {
    Breaker breaker = state.health().breaker().ended();
    Breaker judged = ended.complete() ? breaker.completed(ended.nowNanos()) : breaker;
    DeploymentState next =
        state
            .with(state.load().ended(ended.work(), ended.outputTokens() > 0))
            .with(state.health().with(judged));
    return ended.complete() && ended.outputTokens() > 0
        ? next.with(state.past().with(state.measured().answered(ended)))
        : next;
  }

  /** Who can not be reached may be starting anew, and then holds no prompt any more. */
  private static DeploymentState reachable(DeploymentState state, boolean reachable) {
    Past past = state.past();
    DeploymentState next = state.with(state.health().with(reachable));
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
    return new FleetSnapshot(
        copy,
        pools,
        new Totals(shares, watts, totals.pauseEndNanos(), totals.contended()),
        tickedNanos);
  }

  /**
   * The deployment of a failed attempt. At most half of a model's deployments that can be reached
   * are kept away from, so the last one never is.
   */
  private DeploymentState faulted(Observation.Faulted faulted) {
    DeploymentState state = states[faulted.deployment()];
    long nowNanos = faulted.nowNanos();
    long sentNanos = nowNanos - faulted.sinceSentNanos();
    if (isOfOurPause(sentNanos, nowNanos)) {
      return state;
    }
    Breaker before = state.health().breaker();
    boolean mayOpen = before.isOpen() || mayEject(state.deployment().identity().model());
    int salt = faulted.deployment();
    Breaker after =
        faulted.slow()
            ? before.slow(nowNanos, mayOpen, salt)
            : before.failed(sentNanos, nowNanos, mayOpen, salt);
    return state.with(state.health().with(after));
  }

  /** How fast a first token came tells how many requests a deployment can take at once. */
  private DeploymentState limited(DeploymentState state, Observation.FirstToken first) {
    long sinceSentNanos = first.sinceSentNanos();
    if (isOfOurPause(first.nowNanos() - sinceSentNanos, first.nowNanos())) {
      return state;
    }
    double idleNanos =
        state.deployment().figures().idleFirstTokenNanos(first.work().promptTokens());
    Past past = state.past();
    return state.with(
        past.with(
            past.limit()
                .firstToken(
                    sinceSentNanos / idleNanos, state.load().inFlight(), first.nowNanos())));
  }

  /** Whether we slept for a second or more while an attempt was under way: it tells of us. */
  private boolean isOfOurPause(long sentNanos, long nowNanos) {
    return sentNanos < totals.pauseEndNanos()
        || (tickedNanos != Long.MIN_VALUE && nowNanos - tickedNanos > PAUSE_NANOS);
  }

  private boolean mayEject(String model) {
    int reachable = 0;
    int ejected = 0;
    for (Pool pool : pools(model)) {
      for (int index : pool.members()) {
        Health health = states[index].health();
        reachable += health.reachable() ? 1 : 0;
        ejected += health.reachable() && health.breaker().isOpen() ? 1 : 0;
      }
    }
    return 2 * (ejected + 1) <= reachable;
  }

  private FleetSnapshot ticked(long nowNanos) {
    if (tickedNanos == Long.MIN_VALUE || nowNanos <= tickedNanos) {
      return new FleetSnapshot(states, pools, totals, nowNanos);
    }
    Totals next = nowNanos - tickedNanos > PAUSE_NANOS ? totals.pausedUntil(nowNanos) : totals;
    DeploymentState[] copy = states.clone();
    for (int i = 0; i < copy.length; i++) {
      Load load = copy[i].load();
      double price = load.inFlight() == 0 ? 0 : BidPrice.at(load.utilisation(nowNanos));
      if (price != copy[i].price()) {
        copy[i] = copy[i].withPrice(price);
      }
    }
    return new FleetSnapshot(copy, pools, next.with(contended(copy)), nowNanos);
  }

  /** The models that there is too little capacity for. */
  private Set<String> contended(DeploymentState[] now) {
    Set<String> contended = new LinkedHashSet<>();
    for (Map.Entry<String, List<Pool>> model : pools.entrySet()) {
      if (isContended(model.getValue(), now)) {
        contended.add(model.getKey());
      }
    }
    return contended;
  }

  /**
   * Whether more than half of the capacity is scarce. A free slot of some fast engine is no room
   * for all: whoever is let in for it goes where the others are.
   */
  private static boolean isContended(List<Pool> ofModel, DeploymentState[] now) {
    double scarce = 0;
    double all = 0;
    for (Pool pool : ofModel) {
      double each = pool.example().figures().capacityPerSecond();
      for (int index : pool.members()) {
        DeploymentState state = now[index];
        if (state.reachable() && !state.health().drained()) {
          all += each;
          scarce += state.isScarce() ? each : 0;
        }
      }
    }
    return 2 * scarce > all;
  }
}
