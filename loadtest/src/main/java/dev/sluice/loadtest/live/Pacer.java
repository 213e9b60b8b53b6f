package dev.sluice.loadtest.live;

import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduledRequest;

/**
 * Keeper of the schedule. A request is sent at its intended time; after a hold-up, what is overdue
 * is sent at once and one after the other, each charged with its own lateness.
 */
final class Pacer {
  /** What a paced request is given to. */
  interface Line {
    /** Does what can be done before the request's time. */
    void prepare(ScheduledRequest request);

    /** Sends the request that was prepared last; never waits for an answer. */
    void dispatch();
  }

  private final NanoClock clock;

  Pacer(NanoClock clock) {
    this.clock = clock;
  }

  void run(Schedule schedule, long startNanos, Line line) {
    for (ScheduledRequest request : schedule.requests()) {
      line.prepare(request);
      clock.awaitNanoTime(startNanos + request.intendedNanos());
      line.dispatch();
    }
  }
}
