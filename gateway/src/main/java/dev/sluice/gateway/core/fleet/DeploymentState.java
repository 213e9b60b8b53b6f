package dev.sluice.gateway.core.fleet;

/**
 * A deployment as it stands in one snapshot.
 *
 * @param deployment what never changes
 * @param load what is under way
 * @param reachable whether a request could be sent
 */
public record DeploymentState(Deployment deployment, Load load, boolean reachable) {}
