package dev.sluice.gateway.core;

import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.policy.Candidates;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.policy.RoutingPolicy;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.selection.Selection;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * The decision on one request: stages 3 to 6 in a row.
 *
 * @param admission the gate
 * @param policy the rule that chooses
 */
public record DecisionCore(Admission admission, RoutingPolicy policy) {

  /**
   * How long a refused caller is asked to stay away, before jitter: about one answer's time. Chosen
   * without measurement.
   */
  private static final long RETRY_AFTER_NANOS = 1_000_000_000L;

  /** Decides on a request that just arrived. */
  public RoutingDecision decide(
      InferenceRequest request,
      Admission.Gate gate,
      FleetSnapshot fleet,
      long nowNanos,
      RandomGenerator random) {
    return switch (admission.admit(request, gate, nowNanos)) {
      case Admission.Admitted(AdmittedRequest admitted) ->
          route(admitted, fleet, _ -> false, nowNanos, random);
      case Admission.Rejected(Failure failure) ->
          new RoutingDecision.Refuse(
              failure.reason().category() == Reason.Category.CAPACITY
                  ? failure.retryAfter(jittered(random))
                  : failure);
    };
  }

  /** Decides whom to ask, leaving out the deployments that {@code tried} names. */
  public RoutingDecision route(
      AdmittedRequest request,
      FleetSnapshot fleet,
      IntPredicate tried,
      long nowNanos,
      RandomGenerator random) {
    Selection selection = Selection.of(request, fleet, tried, random);
    if (selection.candidates().isEmpty()) {
      return new RoutingDecision.Refuse(nobody(request, selection, random));
    }
    Candidates candidates = new Candidates(request, selection.candidates(), nowNanos);
    int place = policy.choose(candidates, random);
    if (place != RoutingPolicy.NOBODY) {
      return new RoutingDecision.Route(request, candidates.candidate(place));
    }
    return policy.waits() && Outlook.mayImprove(request, selection.candidates(), nowNanos)
        ? new RoutingDecision.Wait(request)
        : new RoutingDecision.Refuse(
            Outlook.refusal(request, selection.candidates(), nowNanos, jittered(random)));
  }

  private static Failure nobody(
      AdmittedRequest request, Selection selection, RandomGenerator random) {
    return Failure.of(
            Reason.NO_BACKEND_AVAILABLE,
            "model %s: no backend can serve this request now (excluded: %s)"
                .formatted(request.model().name(), selection.excluded()))
        .retryAfter(jittered(random));
  }

  private static long jittered(RandomGenerator random) {
    return RETRY_AFTER_NANOS / 2 + random.nextLong(RETRY_AFTER_NANOS);
  }
}
