package dev.sluice.gateway.core;

import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.policy.RoutingPolicy;
import dev.sluice.gateway.core.prediction.Forecast;
import dev.sluice.gateway.core.prediction.Physics;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.selection.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
    Selection selection = Selection.of(request, fleet, tried);
    if (selection.candidates().isEmpty()) {
      return new RoutingDecision.Refuse(nobody(request, selection, random));
    }
    List<Candidate> candidates = forecast(request, selection, nowNanos);
    Candidate choice = policy.choose(request, candidates, random);
    return choice != null
        ? new RoutingDecision.Route(request, choice)
        : new RoutingDecision.Refuse(unattainable(request, candidates, nowNanos, random));
  }

  private static List<Candidate> forecast(
      AdmittedRequest request, Selection selection, long nowNanos) {
    List<Candidate> candidates = new ArrayList<>(selection.candidates().size());
    for (DeploymentState state : selection.candidates()) {
      candidates.add(
          new Candidate(
              state,
              Physics.forecast(request, state.deployment(), state.load(), nowNanos),
              state.deployment().costUsd(request.promptTokens(), request.expectedOutputTokens())));
    }
    return candidates;
  }

  private static Failure nobody(
      AdmittedRequest request, Selection selection, RandomGenerator random) {
    return Failure.of(
            Reason.NO_BACKEND_AVAILABLE,
            "model %s: no backend can serve this request now (excluded: %s)"
                .formatted(request.model().name(), selection.excluded()))
        .retryAfter(jittered(random));
  }

  /**
   * The refusal for the budget, with the budget that could be met now: that of the candidate which
   * comes closest. Final if even idle backends could not meet it.
   */
  private static Failure unattainable(
      AdmittedRequest request, List<Candidate> candidates, long nowNanos, RandomGenerator random) {
    boolean everAttainable = false;
    Forecast closest = candidates.getFirst().forecast();
    for (Candidate candidate : candidates) {
      everAttainable |=
          Physics.forecast(request, candidate.deployment(), Load.IDLE, nowNanos)
              .meets(request.budget());
      if (candidate.forecast().excess(request.budget()) < closest.excess(request.budget())) {
        closest = candidate.forecast();
      }
    }
    Budget achievable = Physics.safeBudget(closest);
    List<Failure.Detail> details =
        List.of(
            milliseconds("achievable_ttft_ms", achievable.firstTokenNanos()),
            milliseconds("achievable_tpot_ms", achievable.perTokenNanos()),
            milliseconds("achievable_e2e_ms", achievable.totalNanos()));
    return everAttainable
        ? new Failure(
            Reason.BUDGET_UNATTAINABLE,
            "budget: no backend meets it now (see achievable_*)",
            jittered(random),
            details)
        : new Failure(
            Reason.BUDGET_BELOW_FLOOR,
            "budget: no backend of this model could ever meet it (see achievable_*)",
            0,
            details);
  }

  private static Failure.Detail milliseconds(String name, long nanos) {
    return new Failure.Detail(name, String.format(Locale.ROOT, "%.3f", nanos / 1e6));
  }

  private static long jittered(RandomGenerator random) {
    return RETRY_AFTER_NANOS / 2 + random.nextLong(RETRY_AFTER_NANOS);
  }
}
