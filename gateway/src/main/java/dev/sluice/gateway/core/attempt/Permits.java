package dev.sluice.gateway.core.attempt;

/** Grants further attempts, so that a failing backend does not multiply the load on the others. */
@FunctionalInterface
public interface Permits {

  /** Takes the permit for one further attempt; false when there is none now. */
  boolean tryTake(long nowNanos);
}
