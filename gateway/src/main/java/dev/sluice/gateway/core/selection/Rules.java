package dev.sluice.gateway.core.selection;

import dev.sluice.gateway.core.fleet.Breaker;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Pool;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.Hash;
import dev.sluice.gateway.core.selection.Selection.Exclusion;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The hard constraints of one decision.
 *
 * @param request what is asked for
 * @param fleet who is there
 * @param tried tells the indexes of deployments to leave out
 * @param caps what holds for the site
 * @param nowNanos the instant of the decision
 * @param least what a continuation there must be worth; {@link Continuation#NONE} for an answer
 *     from its beginning
 * @param leniency which of the reasons to leave somebody alone do not count
 */
public record Rules(
    AdmittedRequest request,
    FleetSnapshot fleet,
    IntPredicate tried,
    Caps caps,
    long nowNanos,
    Continuation least,
    Leniency leniency) {

  /** The rules for an answer from its beginning. */
  public Rules(
      AdmittedRequest request, FleetSnapshot fleet, IntPredicate tried, Caps caps, long nowNanos) {
    this(request, fleet, tried, caps, nowNanos, Continuation.NONE, Leniency.NONE);
  }

  /**
   * The same, with those asked as well that seem to be ill. Who asked to be left alone still is.
   */
  public Rules inDespair() {
    return new Rules(request, fleet, tried, caps, nowNanos, least, leniency.inDespair());
  }

  /** The same for somebody who cannot wait until a deployment has fewer requests than its limit. */
  public Rules withoutLimits() {
    return new Rules(request, fleet, tried, caps, nowNanos, least, leniency.withoutLimits());
  }

  /** Why no deployment like {@code example} can serve the request; null when one could. */
  @Nullable Exclusion ofAllLike(Deployment example) {
    Constraints constraints = request.request().constraints();
    if (!constraints.regions().isEmpty()
        && !constraints.regions().contains(example.identity().region())) {
      return Exclusion.REGION;
    }
    if (!example.tenants().isEmpty() && !example.tenants().contains(constraints.tenant())) {
      return Exclusion.TENANT;
    }
    if (request.contextTokens() > example.contextTokens()) {
      return Exclusion.CONTEXT;
    }
    if (!can(example)) {
      return Exclusion.ABILITY;
    }
    if (example.continuation().compareTo(least) < 0) {
      return Exclusion.CONTINUATION;
    }
    if (constraints.maxCostUsd() < Double.POSITIVE_INFINITY
        && example.costUsd(request.promptTokens(), request.expectedOutputTokens())
            > constraints.maxCostUsd()) {
      return Exclusion.COST;
    }
    return isAtItsShare(example.identity().vendor()) ? Exclusion.VENDOR_SHARE : null;
  }

  private boolean can(Deployment example) {
    Set<Ability> asked = request.request().constraints().abilities();
    return asked.isEmpty() || example.skills().abilities().containsAll(asked);
  }

  /** Whether no backend of the model can do what is asked for beyond words, now or ever. */
  public boolean isBeyondAll() {
    List<Pool> pools = fleet.pools(request.model().name());
    for (Pool pool : pools) {
      if (can(pool.example())) {
        return false;
      }
    }
    return !pools.isEmpty();
  }

  private boolean isAtItsShare(String vendor) {
    double most = caps.vendorShare(vendor);
    return most < 1 && fleet.vendorShares().shareWith(vendor, nowNanos) > most;
  }

  /** Why a deployment, whose like can serve the request, can not do so now; null when it can. */
  @Nullable Exclusion ofOne(DeploymentState state) {
    if (tried.test(state.deployment().index())) {
      return Exclusion.TRIED;
    }
    if (state.health().drained()) {
      return Exclusion.DRAINING;
    }
    if (!state.reachable()) {
      return Exclusion.UNREACHABLE;
    }
    if (state.health().rests(nowNanos)) {
      return Exclusion.RESTING; // its own word counts even in despair
    }
    if (leniency.heedsLimits() && state.isAtLimit()) {
      return Exclusion.LIMIT;
    }
    if (leniency.heedsHealth()) {
      Exclusion ill = ofHealth(state);
      if (ill != null) {
        return ill;
      }
    }
    return caps.watts() < Double.POSITIVE_INFINITY && wattsWith(state) > caps.watts()
        ? Exclusion.POWER
        : null;
  }

  private @Nullable Exclusion ofHealth(DeploymentState state) {
    Breaker breaker = state.health().breaker();
    if (!breaker.allows(nowNanos)) {
      return Exclusion.EJECTED;
    }
    double share = breaker.share(nowNanos);
    return share < 1 && chance(state) >= share ? Exclusion.STARTING : null;
  }

  /** As good as chance, but the same for the same decision. */
  private double chance(DeploymentState state) {
    long mixed = Hash.mix(nowNanos + state.deployment().index());
    return (mixed >>> 11) / (double) (1L << 53);
  }

  /** What the site would draw with the request on {@code state}. */
  private double wattsWith(DeploymentState state) {
    int promptTokens = request.promptTokens() - state.cachedTokens(request.request().size());
    return fleet.watts() + state.wattsWith(promptTokens) - state.watts();
  }
}
