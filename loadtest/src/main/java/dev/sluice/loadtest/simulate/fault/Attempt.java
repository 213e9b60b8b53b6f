package dev.sluice.loadtest.simulate.fault;

import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Candidate;

/** One try on one backend, in the gateway's own account. */
final class Attempt {

  /** Keeps continuations of two attempts on one backend apart. */
  private static final int SALT_FACTOR = 1_000;

  private final Serving serving;
  private final AttemptCommand.Start command;
  private final Work work;
  private final long sentNanos;

  /** Tokens that came of it, whatever became of them. */
  int received;

  /** Those that were passed on. */
  int delivered;

  long firstTokenNanos;

  /** When something last came of it. */
  long heardNanos;

  /** When it was taken off the books; {@link Long#MAX_VALUE} while it is on them. */
  long closedNanos = Long.MAX_VALUE;

  Attempt(Serving serving, AttemptCommand.Start command, Work work, long sentNanos) {
    this.serving = serving;
    this.command = command;
    this.work = work;
    this.sentNanos = sentNanos;
    heardNanos = sentNanos;
  }

  Serving serving() {
    return serving;
  }

  int number() {
    return command.attempt();
  }

  Candidate candidate() {
    return command.candidate();
  }

  Deployment deployment() {
    return candidate().deployment();
  }

  int index() {
    return deployment().index();
  }

  int fromIndex() {
    return command.fromIndex();
  }

  Work work() {
    return work;
  }

  long sentNanos() {
    return sentNanos;
  }

  /** What another backend's own words depend on. */
  long salt() {
    return (long) SALT_FACTOR * index() + number();
  }

  double perTokenNanos() {
    return delivered > 1 ? (heardNanos - firstTokenNanos) / (delivered - 1.0) : 0;
  }

  @Override
  public String toString() {
    return "attempt %d.%d".formatted(serving.caller().id(), number());
  }
}
