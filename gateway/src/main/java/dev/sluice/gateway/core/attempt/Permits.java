package dev.sluice.gateway.core.attempt;

/** Grants further attempts, so that a failing backend does not multiply the load on the others. */
public interface Permits {

  /** Takes the permit for one further attempt before the first token; false when there is none. */
  boolean tryTake(long nowNanos);

  /** Takes the permit for a second attempt beside one that is merely slow, if there is one. */
  default boolean tryHedge(long nowNanos) {
    return tryTake(nowNanos);
  }

  /** Borrows the permit for one continuation; false when there is none now. */
  boolean tryBorrow(long nowNanos);

  /** Gives a borrowed permit back: its attempt has spoken, or ended. */
  void giveBack();
}
