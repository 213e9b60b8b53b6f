package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.prediction.Forecast;

/**
 * A deployment that could serve the request, with what is known about that.
 *
 * @param state the deployment as it stands
 * @param forecast how long it would take
 * @param costUsd what it would cost
 */
public record Candidate(DeploymentState state, Forecast forecast, double costUsd) {

  /** The deployment. */
  public Deployment deployment() {
    return state.deployment();
  }
}
