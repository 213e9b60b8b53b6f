package dev.sluice.gateway.core.attempt;

import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.Failure;

/** Something that happened to a request's attempts. */
public sealed interface AttemptEvent {

  /** The first token of the running attempt came. */
  record FirstToken() implements AttemptEvent {}

  /** The running attempt ended regularly. */
  record Completed() implements AttemptEvent {}

  /**
   * The running attempt ended irregularly.
   *
   * @param failure as the caller would see it
   * @param untouched whether it is certain that the backend did no work
   */
  record AttemptFailed(Failure failure, boolean untouched) implements AttemptEvent {}

  /** The decision that {@link AttemptCommand.ChooseAnother} asked for. */
  record Chosen(RoutingDecision decision) implements AttemptEvent {}

  /** The caller went away. */
  record CallerCancelled() implements AttemptEvent {}

  /** The deadline passed. */
  record DeadlinePassed() implements AttemptEvent {}
}
