package dev.sluice.backends.emulated.server;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which an accelerator misbehaves; it starts with the first task. */
final class StageThread implements Stage, AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(StageThread.class);

  private final LongSupplier nanoClock;
  private final ScheduledThreadPoolExecutor thread;

  StageThread(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            Thread.ofPlatform().daemon().name("misbehaviour").factory(),
            // what comes after the end concerns nobody
            new ThreadPoolExecutor.DiscardPolicy());
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public long nanoTime() {
    return nanoClock.getAsLong();
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(() -> guarded(task));
  }

  @Override
  public void at(long instantNanos, Runnable task) {
    long delayNanos = Math.max(0, instantNanos - nanoClock.getAsLong());
    Future<?> _ = thread.schedule(() -> guarded(task), delayNanos, TimeUnit.NANOSECONDS);
  }

  /** A task that throws would take its exception with it, and the executor would not say a word. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      logger.error("misbehaved otherwise than it was told", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
