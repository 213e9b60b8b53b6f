package dev.sluice.gateway.core.selection;

import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Pool;
import dev.sluice.gateway.core.request.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Which deployments could serve a request. Why not the others is found out when somebody asks: a
 * decision that finds enough does not count them.
 */
public final class Selection {

  /**
   * Most candidates that are looked at of a pool, whose members differ by their load only. The best
   * of 64 drawn is among the best 5 % of all with probability 1 − 0.95^64 = 96 %, and a decision
   * costs the same for a hundred and for ten thousand.
   */
  static final int MOST_OF_POOL = 64;

  /** As many are looked at of a pool however many pools there are: 1 − 0.9^32 = 97 %. */
  static final int LEAST_OF_POOL = 32;

  /** Candidates that are looked at in all, as long as each pool has its least. */
  private static final int MOST_IN_ALL = 384;

  /** Why a deployment of the model can not serve a request. */
  public enum Exclusion {
    /** No connection. */
    UNREACHABLE,
    /** An operator drains it. */
    DRAINING,
    /** It failed too often of late, and is left alone for a while. */
    EJECTED,
    /** It asked to be left alone for a while, or said that its limit is used up for a while. */
    RESTING,
    /** It was let back of late, and this request is not of the share that it gets yet. */
    STARTING,
    /** It has as many requests as it is given at once. */
    LIMIT,
    /** An earlier attempt of this request failed there. */
    TRIED,
    /** Its region is not among those allowed. */
    REGION,
    /** Prompt and answer do not fit its context. */
    CONTEXT,
    /** It can not do all that is asked for beyond words. */
    ABILITY,
    /** It can not go on with an answer that another began, or not as the caller wants it. */
    CONTINUATION,
    /** Its estimated cost is above the request's limit. */
    COST,
    /** It is kept for other tenants. */
    TENANT,
    /** Its vendor has taken as large a share of the work as it may. */
    VENDOR_SHARE,
    /** With the request there, the site would draw more than it may. */
    POWER
  }

  private DeploymentState[] candidates;
  private int size;

  private Selection(int most) {
    candidates = new DeploymentState[most];
  }

  /**
   * What can be done about the deployments of one pool.
   *
   * @param pool the pool
   * @param excluded number of its members that can not serve the request, by reason
   */
  public record Verdict(Pool pool, Map<Exclusion, Integer> excluded) {}

  /**
   * The selection by {@code rules}, of large pools a sample unless {@code whole}. Half of a sample
   * is the same for all requests with one key, so that they meet again where their prompts are
   * cached; the other half is chance.
   */
  public static Selection of(Rules rules, boolean whole, RandomGenerator random) {
    List<Pool> pools = rules.fleet().pools(rules.request().model().name());
    int ofPool = whole ? Integer.MAX_VALUE : ofPool(pools.size());
    Selection selection = new Selection(most(pools, ofPool));
    for (int i = 0; i < pools.size(); i++) {
      Pool pool = pools.get(i);
      if (rules.ofAllLike(pool.example()) == null
          && (pool.members().length <= ofPool
              || !selection.sample(pool, ofPool / 2, rules, random))) {
        selection.addAll(pool, rules);
      }
    }
    return selection;
  }

  /**
   * The selection by {@code rules}; when nobody is left, those as well that seem to be ill: an ill
   * backend is better than none, unless it asked to be left alone.
   */
  public static Selection orDesperate(Rules rules, boolean whole, RandomGenerator random) {
    Selection selection = of(rules, whole, random);
    return selection.size() > 0 ? selection : of(rules.inDespair(), whole, random);
  }

  /** Most members of one of so many pools that are looked at. */
  private static int ofPool(int pools) {
    int share = MOST_IN_ALL / Math.max(1, pools);
    return Math.max(LEAST_OF_POOL, Math.min(MOST_OF_POOL, share));
  }

  private static int most(List<Pool> pools, int ofPool) {
    int most = 0;
    for (int i = 0; i < pools.size(); i++) {
      most += Math.min(ofPool, pools.get(i).members().length);
    }
    return most;
  }

  /** Why whom can not serve the request, pool by pool, with every member looked at. */
  public static List<Verdict> verdicts(Rules rules) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Pool pool : rules.fleet().pools(rules.request().model().name())) {
      Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
      Exclusion ofAll = rules.ofAllLike(pool.example());
      for (int index : pool.members()) {
        Exclusion exclusion = ofAll != null ? ofAll : rules.ofOne(rules.fleet().get(index));
        if (exclusion != null) {
          excluded.merge(exclusion, 1, Integer::sum);
        }
      }
      verdicts.add(new Verdict(pool, Collections.unmodifiableMap(excluded)));
    }
    return verdicts;
  }

  /** Number of deployments that can not serve the request, by reason. */
  public static Map<Exclusion, Integer> excluded(Rules rules) {
    Map<Exclusion, Integer> excluded = new EnumMap<>(Exclusion.class);
    for (Verdict verdict : verdicts(rules)) {
      verdict.excluded().forEach((reason, count) -> excluded.merge(reason, count, Integer::sum));
    }
    return excluded;
  }

  /** Number of candidates. */
  public int size() {
    return size;
  }

  /** Those that could serve the request, pool by pool in the fleet's order. */
  public List<DeploymentState> candidates() {
    return Collections.unmodifiableList(Arrays.asList(candidates).subList(0, size));
  }

  /** The same, in an array whose first {@link #size} places are used; not to be changed. */
  public DeploymentState[] array() {
    return candidates;
  }

  private void addAll(Pool pool, Rules rules) {
    FleetSnapshot fleet = rules.fleet();
    for (int index : pool.members()) {
      addIfFree(fleet.get(index), rules);
    }
  }

  private void addIfFree(DeploymentState state, Rules rules) {
    if (rules.ofOne(state) != null) {
      return;
    }
    if (size == candidates.length) {
      candidates = Arrays.copyOf(candidates, 2 * size);
    }
    candidates[size++] = state;
  }

  /**
   * Adds members of a large pool, two at each of {@code steps} steps around it: one from a start
   * that the key tells, one from a random place between that and the next. False when hardly any of
   * them can be asked, so that all must be looked at.
   */
  private boolean sample(Pool pool, int steps, Rules rules, RandomGenerator random) {
    int[] members = pool.members();
    int count = members.length;
    int before = size;
    long key = rules.request().request().size().prefix().key();
    int start = key == 0 ? random.nextInt(count) : placeOf(key, count);
    int apart = 1 + random.nextInt(count / steps - 1);
    FleetSnapshot fleet = rules.fleet();
    for (int i = 0; i < steps; i++) {
      int place = start + (int) ((long) i * count / steps);
      addIfFree(fleet.get(members[place % count]), rules);
      addIfFree(fleet.get(members[(place + apart) % count]), rules);
    }
    if (size - before >= steps / 2) {
      return true;
    }
    size = before;
    return false;
  }

  private static int placeOf(long key, int count) {
    return (int) Math.unsignedMultiplyHigh(Hash.mix(key), count);
  }
}
