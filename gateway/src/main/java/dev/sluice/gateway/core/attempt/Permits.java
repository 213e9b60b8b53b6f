package dev.sluice.gateway.core.attempt;

/** Grants further attempts, so that a failing backend does not multiply the load on the others. */
public interface Permits {

  /** Takes the permit for one further attempt before the first token; false when there is none. */
  boolean tryTake(long nowNanos);

  /** Takes the permit for one continuation; {@link Grant#NONE} when there is none now. */
  Grant tryResume(long nowNanos);

  /** Gives a {@link Grant#LOAN} back: its attempt has spoken, or ended. */
  void giveBack();

  /** What was granted. */
  enum Grant {
    /** Nothing. */
    NONE,
    /** A permit to be given back. */
    LOAN,
    /** A permit that is used up. */
    OWN
  }
}
