package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.fleet.DeploymentState;

/**
 * C3's ranking (Suresh et al., NSDI 2015; science §1.2): the candidate with the least
 *
 * <pre>
 * ψ = R − 1/μ + q̂³/μ,   q̂ = 1 + os·w + q̄
 * </pre>
 *
 * <p>with R the average time of its answers as we see it, 1/μ its average service time, os our
 * requests under way there, w the number of clients like us, and q̄ its queue as it reports it. The
 * cube makes a long queue cost more than fast service can make up for.
 *
 * <p>Two readings of ours: an engine serves many at once, so 1/μ is the engine's time that an
 * answer takes up, from its profile until there were answers; and q̄ is what others have under way
 * by the newest report, which comes ten times a second and needs no averaging.
 */
final class CubicReplica extends BestScore {

  /** Gateways that send to the same backends and do not see each other's books. */
  private static final int CLIENTS = 1;

  @Override
  public double score(Candidates candidates, int place) {
    DeploymentState state = candidates.state(place);
    double measured = state.measured().engineNanos();
    double serviceNanos =
        measured > 0 ? measured : 1e9 / state.deployment().figures().capacityPerSecond();
    double queue =
        1.0 + state.load().inFlight() * (double) CLIENTS + state.report().hiddenSequences();
    return -(state.measured().answerNanos() - serviceNanos + queue * queue * queue * serviceNanos);
  }
}
