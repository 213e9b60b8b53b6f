package dev.sluice.gateway.dispatch;

import dev.sluice.gateway.call.Answer;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.call.SerialQueue;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.policy.WaitingLine;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.Reason;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds requests that wait at the gateway for better times, and looks again every few milliseconds
 * while there are any.
 *
 * <p>All that happens to the line goes through one {@link SerialQueue}; nobody waits for a lock.
 */
public final class WaitingRoom {

  private static final Logger LOG = LoggerFactory.getLogger(WaitingRoom.class);

  /** How often the line is reviewed: a small part of the tightest budget for a first token. */
  private static final long REVIEW_NANOS = 5_000_000;

  /** Retry hint of a request that found the room full. */
  private static final long FULL_RETRY_NANOS = 1_000_000_000;

  private final Dispatcher dispatcher;
  private final SerialQueue events =
      new SerialQueue(bug -> LOG.error("the waiting room failed", bug));
  private final WaitingLine<Parked> line;
  private boolean reviewing;

  /** One request that waits; told apart by identity. */
  private static final class Parked {
    final Payload payload;
    final Answer answer;

    Parked(Payload payload, Answer answer) {
      this.payload = payload;
      this.answer = answer;
    }
  }

  /** A room for {@code capacity} requests, whose routed ones go to {@code dispatcher}. */
  public WaitingRoom(Dispatcher dispatcher, int capacity) {
    this.dispatcher = dispatcher;
    line = new WaitingLine<>(capacity);
  }

  /** Lets a request wait until a review routes or refuses it, or its caller goes away. */
  public void park(RoutingDecision.Wait wait, Payload payload, Answer answer) {
    Parked parked = new Parked(payload, answer);
    events.run(
        () -> {
          Dispatcher.Chooser chooser = dispatcher.surroundings.chooser();
          int places = chooser.places(wait.request().model().name());
          switch (line.add(wait.request(), parked, places, nowNanos())) {
            case TAKEN -> {
              reviewLater();
              answer.listen(() -> {}, () -> events.run(() -> gone(parked)));
            }
            case FULL ->
                answer.fail(
                    Failure.of(
                            Reason.OVERLOADED,
                            "the gateway holds as many waiting requests as it may")
                        .retryAfter(FULL_RETRY_NANOS));
            case IN_VAIN -> answer.fail(chooser.refusal(wait.request()));
          }
        });
  }

  private long nowNanos() {
    return dispatcher.surroundings.clock().nanoTime();
  }

  private void gone(Parked parked) {
    if (line.remove(parked)) {
      parked.answer.fail(Failure.of(Reason.CALLER_CANCELLED, "the caller went away"));
    }
  }

  private void reviewLater() {
    if (!reviewing) {
      reviewing = true;
      Future<?> _ = dispatcher.timers.after(REVIEW_NANOS, () -> events.run(this::review));
    }
  }

  private void review() {
    line.review(
        request -> dispatcher.surroundings.chooser().choose(request), this::leave, nowNanos());
    reviewing = false;
    if (line.size() > 0) {
      reviewLater();
    }
  }

  private void leave(Parked parked, RoutingDecision decision) {
    switch (decision) {
      case RoutingDecision.Route route -> dispatcher.dispatch(route, parked.payload, parked.answer);
      case RoutingDecision.Refuse(Failure failure) -> parked.answer.fail(failure);
      case RoutingDecision.Wait _ ->
          throw new IllegalStateException("decision: wait (expected: route or refuse)");
    }
  }
}
