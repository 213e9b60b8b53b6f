package dev.sluice.gateway.dispatch;

import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.BackendFailure.Rejected;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.prediction.Label;
import dev.sluice.gateway.core.request.AdmittedRequest;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One try on one backend: its events on the way in, its credit on the way out, its part of the
 * books.
 */
final class Attempt implements TokenSink {

  /**
   * Chunks that may be under way to us at once. Enough that a backend on the other side of a
   * network is not held up by our asking; times a chunk's few hundred bytes, far below the bound of
   * what may pile up for a slow reader.
   */
  private static final int WINDOW = 32;

  private final Execution execution;
  private final int number;
  private final Candidate candidate;
  private final Dispatcher.Surroundings surroundings;
  private final Bulkheads bulkheads;
  private boolean entered;
  private @Nullable BackendCall call;
  private @Nullable Work work;
  private long sentNanos;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private final int fromIndex;
  private int tokens;
  private int batch;
  private int credit;
  private boolean open;

  Attempt(Execution execution, AttemptCommand.Start command, Dispatcher dispatcher) {
    this.execution = execution;
    number = command.attempt();
    candidate = command.candidate();
    fromIndex = command.fromIndex();
    surroundings = dispatcher.surroundings;
    bulkheads = dispatcher.bulkheads;
  }

  int number() {
    return number;
  }

  Deployment deployment() {
    return candidate.deployment();
  }

  void begin(Function<TokenSink, BackendCall> asking, Work added, long nowNanos) {
    work = added;
    sentNanos = nowNanos;
    open = true;
    batch = candidate.state().load().inFlight() + 1;
    observe(new Observation.Dispatched(deployment().index(), added, nowNanos));
    learn(new Label.Sent(candidate.prediction(), nowNanos));
    entered = bulkheads.tryEnter(deployment().index());
    if (!entered) {
      failed(new Rejected(Rejected.Kind.OVERLOADED, 0, bulkheads.full()));
      return;
    }
    BackendCall started = asking.apply(this);
    call = started;
    credit = WINDOW;
    started.request(WINDOW);
  }

  // ---- from the backend, on its thread

  @Override
  public void tokens(TokenChunk chunk) {
    execution.enqueue(() -> execution.tokens(this, chunk));
  }

  /** Also said by the execution, of a refusal that says so. */
  @Override
  public void pushedBack(long nanos) {
    observe(
        new Observation.PushedBack(deployment().index(), nanos, surroundings.clock().nanoTime()));
  }

  @Override
  public void finished(Completion completion) {
    execution.enqueue(() -> execution.finished(this, completion));
  }

  @Override
  public void failed(BackendFailure failure) {
    execution.enqueue(
        () -> {
          if (failure instanceof BackendFailure.NeverSent) {
            observe(new Observation.Reachability(deployment().index(), false));
          }
          execution.failed(this, failure);
        });
  }

  // ---- from the execution, in its order

  /** {@code count} tokens are here that will be delivered; returns the instant. */
  long heard(int count) {
    long nowNanos = surroundings.clock().nanoTime();
    if (tokens == 0) {
      firstToken(nowNanos);
    }
    tokens += count;
    lastTokenNanos = nowNanos;
    return nowNanos;
  }

  private void firstToken(long nowNanos) {
    firstTokenNanos = nowNanos;
    long sinceSentNanos = nowNanos - sentNanos;
    observe(
        new Observation.FirstToken(
            deployment().index(), Objects.requireNonNull(work), sinceSentNanos, nowNanos));
    learn(new Label.FirstToken(candidate.prediction(), sinceSentNanos, nowNanos));
  }

  /** A chunk was passed on or dropped. */
  void consumed(boolean wantsMore) {
    credit--;
    if (wantsMore) {
      pull();
    }
  }

  /** Asks for more when half the window is used up. */
  void pull() {
    BackendCall running = call;
    if (running != null && credit <= WINDOW / 2) {
      int more = WINDOW - credit;
      credit = WINDOW;
      running.request(more);
    }
  }

  /** What it cost: a prompt that was continued holds what others had said. Nothing said is free. */
  RequestRecord.Expense expense(AdmittedRequest request) {
    if (tokens == 0) {
      return RequestRecord.Expense.NOTHING;
    }
    Deployment deployment = deployment();
    int inputTokens = request.after(fromIndex).promptTokens();
    int outputTokens = request.task().outputTokens(tokens);
    return new RequestRecord.Expense(
        deployment.costUsd(inputTokens, outputTokens),
        deployment.economics().energyJoules(inputTokens, outputTokens, batch));
  }

  void cancel() {
    BackendCall running = call;
    if (running != null) {
      running.cancel();
    }
  }

  /** Takes the attempt off the books, once. */
  void ended(boolean complete) {
    if (open) {
      open = false;
      if (entered) {
        bulkheads.leave(deployment().index());
      }
      long nowNanos = surroundings.clock().nanoTime();
      observe(
          new Observation.Ended(
              deployment().index(),
              Objects.requireNonNull(work),
              tokens,
              complete,
              nowNanos - sentNanos,
              nowNanos));
      learn(new Label.Ended(candidate.prediction(), tokens, complete, perTokenNanos(), nowNanos));
    }
  }

  /** The backend is to blame for the end of this attempt. */
  void faulted(boolean slow) {
    long nowNanos = surroundings.clock().nanoTime();
    observe(new Observation.Faulted(deployment().index(), slow, nowNanos - sentNanos, nowNanos));
  }

  private double perTokenNanos() {
    return tokens > 1 ? (lastTokenNanos - firstTokenNanos) / (tokens - 1.0) : 0;
  }

  private void observe(Observation observation) {
    surroundings.observer().accept(observation);
  }

  private void learn(Label label) {
    surroundings.learner().accept(label);
  }
}
