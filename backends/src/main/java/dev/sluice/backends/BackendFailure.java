package dev.sluice.backends;

/**
 * Why a generation ended irregularly, in the terms that decide what may be done about it.
 *
 * <p>{@code detail} is for logs and errors: it names addresses, codes and limits, never prompt text
 * or secrets.
 */
public sealed interface BackendFailure {

  /** What happened, for a person; one line. */
  String detail();

  /** The request never left: no work was done, and another backend can be asked without risk. */
  record NeverSent(String detail) implements BackendFailure {}

  /**
   * The backend said no before the first token.
   *
   * @param kind what sort of no
   * @param retryAfterNanos how long the backend asks to be left alone; 0 when it says nothing
   */
  record Rejected(Kind kind, long retryAfterNanos, String detail) implements BackendFailure {

    /** The sort of refusal, which decides whether asking elsewhere makes sense. */
    public enum Kind {
      /** Full or draining: another backend may take it. */
      OVERLOADED,
      /** The request is wrong for every backend of this model. */
      INVALID,
      /**
       * The backend does not know the model or refuses our credentials: a fault of configuration.
       */
      MISCONFIGURED,
      /** The deadline passed at the backend. */
      DEADLINE_EXCEEDED
    }
  }

  /**
   * The connection or the backend broke after the request was sent; tokens may have been delivered.
   */
  record Broke(String detail) implements BackendFailure {}

  /** Nothing was heard for longer than allowed. */
  record Stalled(String detail) implements BackendFailure {}

  /** The backend broke its protocol: garbage, a gap in the indexes, an end without its account. */
  record Protocol(String detail) implements BackendFailure {}
}
