package dev.sluice.gateway.core;

import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.fleet.Continuation;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Health;
import dev.sluice.gateway.core.fleet.Pool;
import dev.sluice.gateway.core.policy.Candidates;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.policy.RoutingPolicy;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.selection.Caps;
import dev.sluice.gateway.core.selection.Leniency;
import dev.sluice.gateway.core.selection.Rules;
import dev.sluice.gateway.core.selection.Selection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * The decision on one request: stages 3 to 6 in a row.
 *
 * @param admission the gate
 * @param policy the rule that chooses
 * @param caps what holds for the site, whatever the rule
 */
public record DecisionCore(Admission admission, RoutingPolicy policy, Caps caps) {

  /**
   * How long a refused caller is asked to stay away, before jitter: about one answer's time. Chosen
   * without measurement.
   */
  private static final long RETRY_AFTER_NANOS = 1_000_000_000L;

  /** Whoever waits for a broken answer waits for its end, so the cost does not count. */
  private static final RoutingPolicy RESCUER = Policies.named("fastest");

  /** A core without caps. */
  public DecisionCore(Admission admission, RoutingPolicy policy) {
    this(admission, policy, Caps.NONE);
  }

  /** Decides on a request that just arrived. */
  public RoutingDecision decide(
      InferenceRequest request,
      Admission.Gate gate,
      FleetSnapshot fleet,
      long nowNanos,
      RandomGenerator random) {
    return switch (admission.admit(request, gate, nowNanos)) {
      case Admission.Admitted(AdmittedRequest admitted) ->
          admitted.begunTokens() == 0
              ? route(admitted, fleet, _ -> false, nowNanos, random)
              : rescue(admitted, fleet, _ -> false, nowNanos, random);
      case Admission.Rejected(Failure failure) -> rejected(failure, random);
    };
  }

  /** Decides whom to ask, leaving out the deployments that {@code tried} names. */
  public RoutingDecision route(
      AdmittedRequest request,
      FleetSnapshot fleet,
      IntPredicate tried,
      long nowNanos,
      RandomGenerator random) {
    return weigh(rules(request, fleet, tried, nowNanos), random).decision();
  }

  /**
   * Decides who helps a request out whose backend failed it, here or elsewhere. It was accepted, so
   * it is not refused for its budget any more: whoever is done soonest takes it, unless not even
   * its first token would come in time.
   *
   * @param request what is left of the request
   * @param tried tells the deployments to leave out
   */
  public RoutingDecision rescue(
      AdmittedRequest request,
      FleetSnapshot fleet,
      IntPredicate tried,
      long nowNanos,
      RandomGenerator random) {
    return weighRescue(rescueRules(request, fleet, tried, nowNanos), random).decision();
  }

  /**
   * The refusal of a request that was to wait and has no place to: with the budget that could be
   * met now.
   */
  public Failure refusal(
      AdmittedRequest request, FleetSnapshot fleet, long nowNanos, RandomGenerator random) {
    Rules rules = rules(request, fleet, _ -> false, nowNanos).withoutLimits();
    Selection selection = Selection.orDesperate(rules, policy.needsAll(), random);
    return selection.size() == 0
        ? nobody(rules, random)
        : Outlook.refusal(request, selection.candidates(), nowNanos, jittered(random));
  }

  /** What each model offers now, in the order of their names. */
  public List<Offer> offers(FleetSnapshot fleet, long nowNanos, RandomGenerator random) {
    Offers offers = new Offers(fleet, caps, nowNanos);
    List<Model> models = new ArrayList<>(admission.catalogue().models());
    models.sort(Comparator.comparing(Model::name));
    List<Offer> all = new ArrayList<>(models.size());
    for (Model model : models) {
      all.add(offers.of(model, random));
    }
    return all;
  }

  /**
   * Decides as {@link #decide} does with the same arguments, and tells why.
   *
   * @param random in the same state as there
   */
  Explanation explain(
      InferenceRequest request,
      Admission.Gate gate,
      FleetSnapshot fleet,
      long nowNanos,
      RandomGenerator random) {
    Admission.Result admitted = admission.admit(request, gate, nowNanos);
    return switch (admitted) {
      case Admission.Admitted(AdmittedRequest good) -> {
        boolean begun = good.begunTokens() > 0;
        Rules rules =
            begun
                ? rescueRules(good, fleet, _ -> false, nowNanos)
                : rules(good, fleet, _ -> false, nowNanos);
        Weighing weighing = begun ? weighRescue(rules, random) : weigh(rules, random);
        yield Explanation.of(
            admitted, begun ? RESCUER : policy, weighing, Selection.verdicts(rules));
      }
      case Admission.Rejected(Failure failure) ->
          Explanation.atTheGate(admitted, rejected(failure, random));
    };
  }

  /**
   * What led to a decision.
   *
   * @param candidates who was weighed
   * @param place place of the choice among them; {@link RoutingPolicy#NOBODY} when there is none
   * @param decision what follows
   */
  record Weighing(Candidates candidates, int place, RoutingDecision decision) {}

  private Weighing weigh(Rules rules, RandomGenerator random) {
    AdmittedRequest request = rules.request();
    Selection selection = Selection.orDesperate(rules, policy.needsAll(), random);
    Candidates candidates =
        new Candidates(
            request,
            selection.array(),
            selection.size(),
            rules.nowNanos(),
            rules.fleet().isContended(request.model().name()));
    if (selection.size() == 0) {
      return new Weighing(candidates, RoutingPolicy.NOBODY, unserved(rules, random));
    }
    int place = policy.choose(candidates, random);
    RoutingDecision decision =
        place == RoutingPolicy.NOBODY
            ? unserved(request, selection, rules.nowNanos(), random)
            : new RoutingDecision.Route(request, candidates.candidate(place));
    return new Weighing(candidates, place, decision);
  }

  private Rules rescueRules(
      AdmittedRequest request, FleetSnapshot fleet, IntPredicate tried, long nowNanos) {
    return new Rules(
        request, fleet, tried, caps, nowNanos, Continuation.leastFor(request), Leniency.LIMITS);
  }

  private static Weighing weighRescue(Rules rules, RandomGenerator random) {
    AdmittedRequest request = rules.request();
    Selection selection = Selection.orDesperate(rules, RESCUER.needsAll(), random);
    Candidates candidates =
        new Candidates(request, selection.array(), selection.size(), rules.nowNanos(), false);
    if (selection.size() == 0) {
      return new Weighing(
          candidates, RoutingPolicy.NOBODY, new RoutingDecision.Refuse(nobody(rules, random)));
    }
    int place = RESCUER.choose(candidates, random);
    RoutingDecision decision =
        rules.nowNanos() + candidates.firstTokenNanos(place) < request.deadlineNanos()
            ? new RoutingDecision.Route(request, candidates.candidate(place))
            : new RoutingDecision.Refuse(
                Failure.of(
                    Reason.DEADLINE_EXPIRED, "deadline: would pass before a backend answers"));
    return new Weighing(candidates, place, decision);
  }

  /** The rules of {@code policy}: where nobody waits, the engines' own queues are what there is. */
  private Rules rules(
      AdmittedRequest request, FleetSnapshot fleet, IntPredicate tried, long nowNanos) {
    Rules rules = new Rules(request, fleet, tried, caps, nowNanos);
    return policy.waits() ? rules : rules.withoutLimits();
  }

  /** Nobody can be asked, unless all that could have as many requests as they are given at once. */
  private RoutingDecision unserved(Rules rules, RandomGenerator random) {
    Selection busy = Selection.orDesperate(rules.withoutLimits(), policy.needsAll(), random);
    return busy.size() == 0
        ? new RoutingDecision.Refuse(nobody(rules, random))
        : unserved(rules.request(), busy, rules.nowNanos(), random);
  }

  private RoutingDecision unserved(
      AdmittedRequest request, Selection selection, long nowNanos, RandomGenerator random) {
    return policy.waits() && Outlook.mayImprove(request, selection.candidates(), nowNanos)
        ? new RoutingDecision.Wait(request)
        : new RoutingDecision.Refuse(
            Outlook.refusal(request, selection.candidates(), nowNanos, jittered(random)));
  }

  private static RoutingDecision rejected(Failure failure, RandomGenerator random) {
    return new RoutingDecision.Refuse(
        failure.reason().category() == Reason.Category.CAPACITY && failure.retryAfterNanos() == 0
            ? failure.retryAfter(jittered(random))
            : failure);
  }

  private static Failure nobody(Rules rules, RandomGenerator random) {
    if (rules.isBeyondAll()) {
      return beyondAll(rules.request());
    }
    if (nobodyGoesOn(rules)) {
      return Failure.of(
          Reason.UNSUPPORTED,
          "progress: set (expected: none, as no backend of %s goes on with an answer %s)"
              .formatted(
                  rules.request().model().name(),
                  rules.least() == Continuation.EXACT ? "token for token" : "of another"));
    }
    return Failure.of(
            Reason.NO_BACKEND_AVAILABLE,
            "model %s: no backend can serve this request now (excluded: %s)"
                .formatted(rules.request().model().name(), Selection.excluded(rules)))
        .retryAfter(restNanos(rules) + jittered(random));
  }

  /** Time until the first that asked to be left alone may be asked again; 0 if nobody did. */
  private static long restNanos(Rules rules) {
    long leastNanos = Long.MAX_VALUE;
    for (Pool pool : rules.fleet().pools(rules.request().model().name())) {
      for (int index : pool.members()) {
        Health health = rules.fleet().get(index).health();
        if (health.rests(rules.nowNanos())) {
          leastNanos = Math.min(leastNanos, health.restsUntilNanos() - rules.nowNanos());
        }
      }
    }
    return leastNanos == Long.MAX_VALUE ? 0 : leastNanos;
  }

  /** Whether no backend of the model goes on with answers as the request needs it, ever. */
  private static boolean nobodyGoesOn(Rules rules) {
    List<Pool> pools = rules.fleet().pools(rules.request().model().name());
    for (Pool pool : pools) {
      if (pool.example().continuation().compareTo(rules.least()) >= 0) {
        return false;
      }
    }
    return !pools.isEmpty();
  }

  /** The same request would fail again, so no hint to try. */
  private static Failure beyondAll(AdmittedRequest request) {
    Set<String> fields = new LinkedHashSet<>();
    for (Ability ability : request.request().constraints().abilities()) {
      fields.add(ability.field());
    }
    return Failure.of(
        Reason.UNSUPPORTED,
        "%s: set (expected: none, as no backend of %s can do %s)"
            .formatted(
                fields.iterator().next(), request.model().name(), String.join(" and ", fields)));
  }

  private static long jittered(RandomGenerator random) {
    return RETRY_AFTER_NANOS / 2 + random.nextLong(RETRY_AFTER_NANOS);
  }
}
