package dev.sluice.gateway.core.attempt;

import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a request's attempts: an event makes the next state and the commands that follow
 * from it.
 *
 * <p>An attempt that certainly did no work is made again elsewhere, once; everything else ends the
 * request. After the first token nothing is tried again. A finished machine issues no command.
 *
 * @param phase where the request stands
 * @param attempts attempts started so far, 1 … {@link #MAX_ATTEMPTS}
 * @param lastFailure why the last attempt failed, while another is looked for
 */
public record AttemptMachine(Phase phase, int attempts, @Nullable Failure lastFailure) {

  /** Attempts before the first token, in all (faults §5.4). */
  static final int MAX_ATTEMPTS = 2;

  /** Where a request stands. */
  public enum Phase {
    /** An attempt runs and no token has come. */
    WAITING,
    /** Another backend is being chosen. */
    CHOOSING,
    /** The first token has come. */
    COMMITTED,
    /** The caller has its answer or its error. */
    FINISHED
  }

  /** The next state and what to do now. */
  public record Step(AttemptMachine next, List<AttemptCommand> commands) {
    public Step {
      commands = List.copyOf(commands);
    }
  }

  public AttemptMachine {
    if (attempts < 1 || attempts > MAX_ATTEMPTS) {
      throw new IllegalArgumentException(
          "attempts: " + attempts + " (expected: 1.." + MAX_ATTEMPTS + ")");
    }
    if ((phase == Phase.CHOOSING) != (lastFailure != null)) {
      throw new IllegalArgumentException("lastFailure: expected exactly while choosing");
    }
  }

  /** The first step: start on {@code candidate}. */
  public static Step start(Candidate candidate) {
    return new Step(
        new AttemptMachine(Phase.WAITING, 1, null), List.of(new AttemptCommand.Start(candidate)));
  }

  /** The step that {@code event} makes. */
  public Step on(AttemptEvent event) {
    if (phase == Phase.FINISHED) {
      return new Step(this, List.of());
    }
    return switch (event) {
      case AttemptEvent.FirstToken() -> stay(Phase.COMMITTED);
      case AttemptEvent.Completed() -> finish(new AttemptCommand.FinishComplete());
      case AttemptEvent.AttemptFailed(Failure failure, boolean untouched) ->
          untouched && phase == Phase.WAITING && attempts < MAX_ATTEMPTS
              ? chooseAnother(failure)
              : finish(new AttemptCommand.FinishFailed(failure));
      case AttemptEvent.Chosen(RoutingDecision decision) -> chosen(decision);
      case AttemptEvent.CallerCancelled() ->
          giveUp(Failure.of(Reason.CALLER_CANCELLED, "the caller went away"));
      case AttemptEvent.DeadlinePassed() ->
          giveUp(
              Failure.of(
                  Reason.DEADLINE_EXPIRED, "deadline: passed before the answer was complete"));
    };
  }

  private Step chooseAnother(Failure failure) {
    return new Step(
        new AttemptMachine(Phase.CHOOSING, attempts, failure),
        List.of(new AttemptCommand.ChooseAnother()));
  }

  /**
   * When nobody else can serve it, the failure that started the search is the one that tells most.
   */
  private Step chosen(RoutingDecision decision) {
    Failure failure = lastFailure;
    if (failure == null) {
      throw new IllegalStateException("Chosen in phase " + phase + " (expected: CHOOSING)");
    }
    return switch (decision) {
      case RoutingDecision.Route(_, Candidate candidate) ->
          new Step(
              new AttemptMachine(Phase.WAITING, attempts + 1, null),
              List.of(new AttemptCommand.Start(candidate)));
      case RoutingDecision.Wait _, RoutingDecision.Refuse _ ->
          finish(new AttemptCommand.FinishFailed(failure));
    };
  }

  private Step giveUp(Failure failure) {
    return phase == Phase.CHOOSING
        ? finish(new AttemptCommand.FinishFailed(failure))
        : finish(new AttemptCommand.CancelAttempt(), new AttemptCommand.FinishFailed(failure));
  }

  private Step stay(Phase next) {
    return new Step(new AttemptMachine(next, attempts, lastFailure), List.of());
  }

  private Step finish(AttemptCommand... commands) {
    return new Step(new AttemptMachine(Phase.FINISHED, attempts, null), List.of(commands));
  }
}
