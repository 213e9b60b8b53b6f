package dev.sluice.gateway.core;

import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.prediction.Forecaster;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a request that nobody takes now can hope for. */
final class Outlook {

  /** Odds below which waiting only delays the refusal. */
  private static final double WORTH_WAITING = 0.5;

  private Outlook() {}

  /** Whether a backend that became idle now could still meet the budget. */
  static boolean mayImprove(
      AdmittedRequest request, List<DeploymentState> candidates, long nowNanos) {
    Forecaster forecaster = new Forecaster(request, nowNanos);
    for (DeploymentState candidate : candidates) {
      forecaster.onIdle(candidate);
      if (forecaster.probability() >= WORTH_WAITING) {
        return true;
      }
    }
    return false;
  }

  /**
   * The refusal for the budget, with the budget that could be met now: that of the candidate which
   * comes closest. Final if even idle backends could not have met it on arrival.
   */
  static Failure refusal(
      AdmittedRequest request,
      List<DeploymentState> candidates,
      long nowNanos,
      long retryAfterNanos) {
    Forecaster forecaster = new Forecaster(request, nowNanos);
    boolean everAttainable = false;
    double least = Double.POSITIVE_INFINITY;
    Budget achievable = Budget.NONE;
    for (DeploymentState candidate : candidates) {
      forecaster.onIdle(candidate);
      everAttainable |= forecaster.excess() <= 1;
      forecaster.on(candidate, 0);
      double excess = forecaster.excess();
      if (excess < least) {
        least = excess;
        achievable = forecaster.safeBudget();
      }
    }
    List<Failure.Detail> details = new ArrayList<>(3);
    if (request.task() == Task.GENERATE) {
      details.add(milliseconds("achievable_ttft_ms", achievable.firstTokenNanos()));
      details.add(milliseconds("achievable_tpot_ms", achievable.perTokenNanos()));
    }
    details.add(milliseconds("achievable_e2e_ms", achievable.totalNanos()));
    return everAttainable
        ? new Failure(
            Reason.BUDGET_UNATTAINABLE,
            "budget: no backend meets it now (see achievable_*)",
            retryAfterNanos,
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
}
