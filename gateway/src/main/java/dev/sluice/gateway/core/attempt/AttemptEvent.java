package dev.sluice.gateway.core.attempt;

import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.Failure;

/** Something that happened to a request's attempts; attempts are named by their number, from 1. */
public sealed interface AttemptEvent {

  /** Tokens {@code index} to {@code index + count - 1} of the answer came of an attempt. */
  record Tokens(int attempt, int index, int count) implements AttemptEvent {}

  /**
   * An attempt ended regularly.
   *
   * @param outputTokens tokens of the whole answer, as the backend counted them
   */
  record Completed(int attempt, int outputTokens) implements AttemptEvent {}

  /**
   * An attempt ended irregularly.
   *
   * @param failure as the caller would see it before the first token
   * @param again whether another attempt can help
   */
  record Failed(int attempt, Failure failure, Again again) implements AttemptEvent {}

  /** The decision that {@link AttemptCommand.ChooseAnother} asked for. */
  record Chosen(RoutingDecision decision) implements AttemptEvent {}

  /**
   * The instant came that {@link AttemptCommand.WakeAt} named.
   *
   * @param held whether the caller does not take what is there, so that no more is asked for
   */
  record Woken(boolean held) implements AttemptEvent {}

  /** The caller takes more again. */
  record CallerReady() implements AttemptEvent {}

  /** The caller went away. */
  record CallerCancelled() implements AttemptEvent {}

  /** The gateway runs out of memory, and this request holds most of it. */
  record Evicted() implements AttemptEvent {}

  /** Whether a failed request is worth another attempt. */
  enum Again {
    /** Another backend may do better. */
    ELSEWHERE,
    /** The request itself is at fault: it would fail anywhere. */
    NEVER
  }
}
