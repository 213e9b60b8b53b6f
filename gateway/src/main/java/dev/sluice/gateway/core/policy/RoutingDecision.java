package dev.sluice.gateway.core.policy;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;

/** What is to be done with a request. */
public sealed interface RoutingDecision {

  /** Ask this one. */
  record Route(AdmittedRequest request, Candidate choice) implements RoutingDecision {}

  /** Ask nobody yet: capacity may free up while the budget lasts. */
  record Wait(AdmittedRequest request) implements RoutingDecision {}

  /** Ask nobody. */
  record Refuse(Failure failure) implements RoutingDecision {}
}
