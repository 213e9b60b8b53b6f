package dev.sluice.gateway.core;

import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.policy.Candidates;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.policy.RoutingPolicy;
import dev.sluice.gateway.core.prediction.Forecast;
import dev.sluice.gateway.core.selection.Selection;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a request was decided on as it was. Immutable.
 *
 * @param admission what the gate said
 * @param considered who was weighed, in the order of the fleet: of many alike a sample
 * @param choice place of the choice among them; {@link RoutingPolicy#NOBODY} when there is none
 * @param verdicts the model's pools, and why their members could not serve it
 * @param decision what followed
 */
record Explanation(
    Admission.Result admission,
    List<Considered> considered,
    int choice,
    List<Selection.Verdict> verdicts,
    RoutingDecision decision) {

  Explanation {
    considered = List.copyOf(considered);
    verdicts = List.copyOf(verdicts);
  }

  /**
   * One candidate as the rule saw it.
   *
   * @param state the deployment as it stood, with its bid price
   * @param forecast how long it would have taken
   * @param expense what it would have used up
   * @param cachedTokens prompt tokens that it was thought to hold
   * @param score what the rule thought of it; not a number when the rule has no scores
   */
  record Considered(
      DeploymentState state, Forecast forecast, Expense expense, int cachedTokens, double score) {}

  /** US dollars, joules and seconds of the engine. */
  record Expense(double costUsd, double energyJoules, double engineSeconds) {}

  /** A request that did not get past the gate. */
  static Explanation atTheGate(Admission.Result admission, RoutingDecision decision) {
    return new Explanation(admission, List.of(), RoutingPolicy.NOBODY, List.of(), decision);
  }

  /** A request that was weighed. */
  static Explanation of(
      Admission.Result admission,
      RoutingPolicy policy,
      DecisionCore.Weighing weighing,
      List<Selection.Verdict> verdicts) {
    Candidates candidates = weighing.candidates();
    List<Considered> considered = new ArrayList<>(candidates.size());
    for (int place = 0; place < candidates.size(); place++) {
      considered.add(considered(candidates, place, policy.score(candidates, place)));
    }
    return new Explanation(admission, considered, weighing.place(), verdicts, weighing.decision());
  }

  private static Considered considered(Candidates candidates, int place, double score) {
    Candidate candidate = candidates.candidate(place);
    return new Considered(
        candidate.state(),
        candidate.forecast(),
        new Expense(
            candidate.costUsd(),
            candidates.energyJoules(place),
            candidates.engineNanos(place) / 1e9),
        candidates.cachedTokens(place),
        score);
  }
}
