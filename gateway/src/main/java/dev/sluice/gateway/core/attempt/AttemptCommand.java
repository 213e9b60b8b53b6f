package dev.sluice.gateway.core.attempt;

import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.request.Failure;

/** Something to be done for a request. */
public sealed interface AttemptCommand {

  /**
   * Start an attempt.
   *
   * @param attempt its number
   * @param candidate whom to ask
   * @param fromIndex index of the first token that is wanted of it
   */
  record Start(int attempt, Candidate candidate, int fromIndex) implements AttemptCommand {}

  /**
   * Decide anew, without the deployments tried so far, and report it as {@link
   * AttemptEvent.Chosen}.
   *
   * @param fromIndex index of the first token that is wanted
   */
  record ChooseAnother(int fromIndex) implements AttemptCommand {}

  /** Cancel a running attempt. */
  record Cancel(int attempt, Why why) implements AttemptCommand {}

  /** Pass the tokens of this event on to the caller. */
  record Deliver() implements AttemptCommand {}

  /** Drop the tokens of this event. */
  record Discard(Cause cause) implements AttemptCommand {}

  /** Send {@link AttemptEvent.Woken} at this instant, and not at the one asked for before. */
  record WakeAt(long nanos) implements AttemptCommand {}

  /** Tell the caller that the answer is complete, as this attempt completed it. */
  record FinishComplete(int attempt) implements AttemptCommand {}

  /** Tell the caller why there is no complete answer. */
  record FinishFailed(Failure failure) implements AttemptCommand {}

  /** Why an attempt is cancelled, which tells whether its backend is to blame. */
  enum Why {
    /** Nobody wants its tokens any more. */
    NOT_NEEDED,
    /** Another may be faster. */
    SLOW,
    /** It was silent for too long, or broke its protocol. */
    FAULTY
  }

  /** Why tokens are dropped. */
  enum Cause {
    /** Their attempt was given up: it lost, was too slow, or the request is over. */
    LATE,
    /** The caller has them already. */
    DUPLICATE
  }
}
