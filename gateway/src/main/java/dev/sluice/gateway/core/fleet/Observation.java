package dev.sluice.gateway.core.fleet;

/** Something that happened on a deployment and changes the next snapshot. */
public sealed interface Observation {

  /** Index of the deployment. */
  int deployment();

  /** An attempt was sent at {@code nowNanos}. */
  record Dispatched(int deployment, Work work, long nowNanos) implements Observation {}

  /** The first token of an attempt came. */
  record FirstToken(int deployment, Work work) implements Observation {}

  /** An attempt ended, after its first token or without one. */
  record Ended(int deployment, Work work, boolean hadToken) implements Observation {}

  /** A backend was found to be reachable, or not. */
  record Reachability(int deployment, boolean reachable) implements Observation {}
}
