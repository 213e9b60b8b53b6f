package dev.sluice.gateway.dispatch;

import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.gateway.call.Answer;
import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.call.SerialQueue;
import dev.sluice.gateway.core.attempt.AttemptCommand;
import dev.sluice.gateway.core.attempt.AttemptEvent;
import dev.sluice.gateway.core.attempt.AttemptMachine;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Candidate;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.prediction.Forecast;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request being served: feeds events to its {@link AttemptMachine} and performs the commands.
 *
 * <p>Every event goes through one {@link SerialQueue}, so all fields but that are touched by one
 * thread at a time.
 */
final class Execution {

  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private final Dispatcher dispatcher;
  private final AdmittedRequest request;
  private final Payload payload;
  private final Answer answer;
  private final RoutingDecision.Route route;
  private final SerialQueue events = new SerialQueue(this::bug);
  private final List<Integer> tried = new ArrayList<>(1);

  private @Nullable AttemptMachine machine;
  private @Nullable Attempt attempt;
  private @Nullable Future<?> deadline;

  Execution(Dispatcher dispatcher, RoutingDecision.Route route, Payload payload, Answer answer) {
    this.dispatcher = dispatcher;
    this.route = route;
    this.request = route.request();
    this.payload = payload;
    this.answer = answer;
  }

  void begin() {
    events.run(
        () -> {
          answer.listen(
              () -> events.run(this::pull),
              () -> events.run(() -> on(new AttemptEvent.CallerCancelled())));
          deadline =
              dispatcher.timers.after(
                  request.deadlineNanos() - dispatcher.surroundings.clock().nanoTime(),
                  () -> events.run(() -> on(new AttemptEvent.DeadlinePassed())));
          perform(AttemptMachine.start(route.choice()));
        });
  }

  // ---- events of the running attempt, in order

  /** Brings {@code event} of an attempt into the request's order. */
  void enqueue(Runnable event) {
    events.run(event);
  }

  void tokens(Attempt from, TokenChunk chunk) {
    if (from != attempt) {
      return; // a cancelled attempt's last breath
    }
    int expected = answer.deliveredTokens();
    if (chunk.index() != expected) {
      from.cancel();
      failed(
          from,
          new BackendFailure.Protocol(
              "token index " + chunk.index() + " (expected: " + expected + ")"));
      return;
    }
    if (expected == 0) {
      from.firstToken();
      on(new AttemptEvent.FirstToken());
    }
    byte[] wire = chunk.wire();
    if (wire == null) {
      answer.tokens(chunk.index(), chunk.count(), chunk.text(), chunk.ids());
    } else {
      answer.encodedTokens(chunk.count(), wire);
    }
    from.consumed(chunk.count(), answer.wantsMore());
  }

  void finished(Attempt from, Completion completion) {
    if (from != attempt) {
      return;
    }
    int delivered = answer.deliveredTokens();
    if (completion.outputTokens() > delivered) {
      failed(
          from,
          new BackendFailure.Broke(
              "ended after " + delivered + " of " + completion.outputTokens() + " tokens"));
      return;
    }
    from.completed(completion);
    on(new AttemptEvent.Completed());
  }

  void failed(Attempt from, BackendFailure failure) {
    if (from != attempt) {
      return;
    }
    from.ended();
    attempt = null;
    on(Failures.event(from.deployment().backend(), failure, answer.deliveredTokens()));
  }

  private void pull() {
    Attempt running = attempt;
    if (running != null && answer.wantsMore()) {
      running.pull();
    }
  }

  // ---- the machine

  private void on(AttemptEvent event) {
    AttemptMachine current = machine;
    if (current != null) {
      perform(current.on(event));
    }
  }

  private void perform(AttemptMachine.Step step) {
    machine = step.next();
    for (AttemptCommand command : step.commands()) {
      switch (command) {
        case AttemptCommand.Start(Candidate candidate) -> start(candidate);
        case AttemptCommand.ChooseAnother() ->
            on(
                new AttemptEvent.Chosen(
                    dispatcher.surroundings.chooser().choose(request, tried::contains)));
        case AttemptCommand.CancelAttempt() -> cancelAttempt();
        case AttemptCommand.FinishComplete() -> complete();
        case AttemptCommand.FinishFailed(Failure failure) -> {
          release();
          answer.fail(failure);
        }
      }
    }
  }

  private void start(Candidate candidate) {
    Deployment deployment = candidate.deployment();
    tried.add(deployment.index());
    Dispatcher.Surroundings surroundings = dispatcher.surroundings;
    long nowNanos = surroundings.clock().nanoTime();
    Attempt started = new Attempt(this, candidate, surroundings);
    attempt = started;
    started.begin(
        surroundings.backends().get(deployment.index()),
        Generations.of(request, payload, nowNanos),
        Work.of(candidate.state(), request),
        nowNanos);
    // after the backend has its request: waking the caller first would delay the first token
    answer.attempt(request, assignment(candidate));
  }

  private Assignment assignment(Candidate candidate) {
    Deployment.Identity identity = candidate.deployment().identity();
    Forecast forecast = candidate.forecast();
    return new Assignment(
        identity.backend(),
        identity.kind().name(),
        identity.region(),
        new Assignment.Expectation(
            forecast.firstTokenNanos(),
            forecast.perTokenNanos(),
            forecast.totalNanos(),
            forecast.probability()),
        request.budget());
  }

  private void cancelAttempt() {
    Attempt running = attempt;
    if (running != null) {
      running.cancel();
      running.ended();
      attempt = null;
    }
  }

  private void complete() {
    Attempt winner = attempt;
    release();
    if (winner == null) {
      return;
    }
    winner.ended();
    attempt = null;
    Completion completion = winner.completion();
    int outputTokens = answer.deliveredTokens();
    answer.complete(
        completion.reason().name(),
        new RequestRecord.Usage(
            completion.inputTokens(), outputTokens, completion.cachedInputTokens()),
        winner.expense(completion.inputTokens(), outputTokens));
  }

  private void release() {
    Future<?> timer = deadline;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /** A bug must not leave the caller without an answer nor the books open. */
  private void bug(RuntimeException bug) {
    LOG.error("request {} ended by a bug", request.request().id(), bug);
    cancelAttempt();
    release();
    answer.fail(Failure.of(Reason.INTERNAL, "the gateway failed; the event is logged"));
  }
}
