package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.prediction.Forecast;
import dev.sluice.gateway.core.prediction.Prediction;

/**
 * A deployment that could serve the request, with what is known about that.
 *
 * @param state the deployment as it stands
 * @param prediction how long it would take
 * @param costUsd what it would cost
 */
public record Candidate(DeploymentState state, Prediction prediction, double costUsd) {

  /** The deployment. */
  public Deployment deployment() {
    return state.deployment();
  }

  /** How long it would take. */
  public Forecast forecast() {
    return prediction.forecast();
  }
}
