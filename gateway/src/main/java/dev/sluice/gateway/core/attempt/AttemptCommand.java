package dev.sluice.gateway.core.attempt;

import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.request.Failure;

/** Something to be done for a request. */
public sealed interface AttemptCommand {

  /** Start an attempt on this candidate. */
  record Start(Candidate candidate) implements AttemptCommand {}

  /**
   * Decide anew, without the deployments tried so far, and report it as {@link
   * AttemptEvent.Chosen}.
   */
  record ChooseAnother() implements AttemptCommand {}

  /** Cancel the running attempt. */
  record CancelAttempt() implements AttemptCommand {}

  /** Tell the caller that the answer is complete. */
  record FinishComplete() implements AttemptCommand {}

  /** Tell the caller why there is no complete answer. */
  record FinishFailed(Failure failure) implements AttemptCommand {}
}
