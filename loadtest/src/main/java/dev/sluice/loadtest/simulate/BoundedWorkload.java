package dev.sluice.loadtest.simulate;

import dev.sluice.backends.emulated.EngineSettings;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Service;
import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.selection.Caps;
import dev.sluice.loadtest.bound.BoundPool;
import dev.sluice.loadtest.bound.BoundProblem;
import dev.sluice.loadtest.bound.BoundRequest;
import dev.sluice.loadtest.bound.EngineEvaluator;
import dev.sluice.loadtest.bound.PrefixReuse;
import dev.sluice.loadtest.workload.Budget;
import dev.sluice.loadtest.workload.PrefixBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A run's requests and fleet as a problem for the clairvoyant bound: every request counts the same,
 * as it does in the attainment. What the gateway refuses at its gate nobody can serve. Caps of the
 * site, limits of a request's cost and faults are left out, which leaves the upper bound valid.
 */
final class BoundedWorkload {

  /** Deployments that the bound may take one for the other. */
  private record Likeness(Profile profile, String model, String region, List<String> tenants) {}

  private final Experiment.Setting setting;
  private final List<Likeness> pools = new ArrayList<>();
  private final List<EngineEvaluator.Replica> replicas = new ArrayList<>();
  private final List<Arrival> arrivals = new ArrayList<>();

  private BoundedWorkload(Experiment.Setting setting) {
    this.setting = setting;
    SimulatedFleet fleet = setting.fleet();
    for (Deployment deployment : fleet.deployments()) {
      EngineSettings engine = fleet.engines().get(deployment.index());
      Likeness likeness =
          new Likeness(
              engine.profile(),
              deployment.identity().model(),
              deployment.identity().region(),
              deployment.tenants());
      if (!pools.contains(likeness)) {
        pools.add(likeness);
      }
      replicas.add(new EngineEvaluator.Replica(pools.indexOf(likeness), engine.profile()));
    }
  }

  /** What {@code source} gives, on the fleet of {@code setting}. */
  static BoundedWorkload of(Experiment.Setting setting, ArrivalSource source) throws IOException {
    BoundedWorkload workload = new BoundedWorkload(setting);
    for (Arrival next = source.next(); next != null; next = source.next()) {
      workload.arrivals.add(next);
    }
    return workload;
  }

  BoundProblem problem() {
    BoundProblem.Builder problem = BoundProblem.builder(boundPools());
    Admission admission = setting.fleet().admission();
    PrefixReuse reuse = reuse();
    for (int request = 0; request < arrivals.size(); request++) {
      Arrival arrival = arrivals.get(request);
      switch (admission.admit(
          Requests.of(arrival, setting.disclosure()), Admission.Gate.OPEN, arrival.atNanos())) {
        case Admission.Admitted(AdmittedRequest admitted) ->
            problem.add(bounded(request, admitted, reuse), eligible(admitted));
        case Admission.Rejected _ ->
            problem.add(
                new BoundRequest(arrival.atNanos(), arrival.promptTokens(), 1, 0, 1, Budget.NONE),
                new BitSet());
      }
    }
    return problem.build();
  }

  private List<BoundPool> boundPools() {
    List<BoundPool> bound = new ArrayList<>();
    for (int pool = 0; pool < pools.size(); pool++) {
      int own = pool;
      int count = (int) replicas.stream().filter(replica -> replica.pool() == own).count();
      bound.add(BoundPool.of(pools.get(pool).profile(), count));
    }
    return bound;
  }

  private BoundRequest bounded(int request, AdmittedRequest admitted, PrefixReuse reuse) {
    Arrival arrival = arrivals.get(request);
    long totalNanos = admitted.deadlineNanos() - arrival.atNanos();
    Budget budget =
        new Budget(
            admitted.budget().firstTokenNanos(), admitted.budget().perTokenNanos(), totalNanos);
    long firstTokenNanos = budget.ttftNanos() > 0 ? budget.ttftNanos() : totalNanos;
    return new BoundRequest(
        arrival.atNanos(),
        arrival.promptTokens(),
        Math.min(arrival.outputTokens(), admitted.maxOutputTokens()),
        cachedTokensAtMost(request, arrival, arrival.atNanos() + firstTokenNanos, reuse),
        1,
        budget);
  }

  private static int cachedTokensAtMost(
      int request, Arrival arrival, long untilNanos, PrefixReuse reuse) {
    return arrival.prefix().size() == 0
        ? 0
        : Math.min(
            arrival.promptTokens() - 1,
            reuse.cachedTokensAtMost(request, untilNanos, PromptHashes.ofTrace(arrival.prefix())));
  }

  /** Who brings which blocks when; all prompts of a trace are in blocks of one size. */
  private PrefixReuse reuse() {
    int blockTokens = PrefixBlocks.BLOCK_TOKENS;
    for (Arrival arrival : arrivals) {
      if (arrival.prefix().size() > 0) {
        blockTokens = arrival.prefix().blockTokens();
      }
    }
    PrefixReuse reuse = new PrefixReuse(blockTokens);
    for (int request = 0; request < arrivals.size(); request++) {
      Arrival arrival = arrivals.get(request);
      reuse.note(request, arrival.atNanos(), PromptHashes.ofTrace(arrival.prefix()));
    }
    return reuse;
  }

  private BitSet eligible(AdmittedRequest admitted) {
    Constraints constraints = admitted.request().constraints();
    BitSet eligible = new BitSet();
    for (int pool = 0; pool < pools.size(); pool++) {
      Likeness likeness = pools.get(pool);
      boolean region =
          constraints.regions().isEmpty() || constraints.regions().contains(likeness.region());
      boolean tenant =
          likeness.tenants().isEmpty() || likeness.tenants().contains(constraints.tenant());
      eligible.set(pool, region && tenant && likeness.model().equals(admitted.model().name()));
    }
    return eligible;
  }

  /**
   * Whether every schedule that the engines can carry out is one that a gateway could choose here:
   * neither caps of the site nor faults forbid it.
   */
  boolean isSearchable() {
    return setting.fleet().gate().caps().equals(Caps.NONE) && setting.faults().isEmpty();
  }

  /** The engines, one for each deployment, as the search for a lower bound asks them. */
  EngineEvaluator evaluator(BoundProblem problem) {
    int blockTokens = sharedBlockTokens();
    return new EngineEvaluator(
        problem,
        replicas,
        request -> {
          Arrival arrival = arrivals.get(request);
          return PromptHashes.ofMemory(arrival.prefix(), arrival.promptTokens(), blockTokens);
        });
  }

  private int sharedBlockTokens() {
    for (Likeness pool : pools) {
      if (pool.profile().service() instanceof Service.Batch batch) {
        return batch.limits().blockTokens();
      }
    }
    return PrefixBlocks.BLOCK_TOKENS;
  }
}
