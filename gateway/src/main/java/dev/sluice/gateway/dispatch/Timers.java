package dev.sluice.gateway.dispatch;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Timers of all requests on one thread; what they run only brings an event to a request's queue.
 */
final class Timers implements AutoCloseable {

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("sluice-timers").daemon().factory());

  Timers() {
    // nearly every deadline is cancelled: without this it would stay until it would have fired
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Runs {@code task} after {@code delayNanos}, unless cancelled before. */
  Future<?> after(long delayNanos, Runnable task) {
    return executor.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
