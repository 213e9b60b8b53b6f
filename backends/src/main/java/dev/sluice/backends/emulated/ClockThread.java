package dev.sluice.backends.emulated;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread of the process's {@link EngineClock}: a daemon that sleeps until something is due. */
final class ClockThread implements Runnable {

  private static final Logger logger = LoggerFactory.getLogger(ClockThread.class);

  /**
   * Least time between two wake-ups that no command caused. Sleeping and waking costs some 10
   * microseconds of CPU and comes 60 late anyway; with this, engines that are due one shortly after
   * the other share a wake-up, and the CPU spent on waking stays below a twentieth of a core. A
   * fifth of a millisecond is half of the shortest token time there is.
   */
  private static final long LEAST_SLEEP_NANOS = 200_000;

  private final AtomicBoolean woken = new AtomicBoolean();
  private final EngineClock clock = new EngineClock(System::nanoTime, this::wake);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("emulated-engines").unstarted(this);

  private ClockThread() {}

  /** The process's clock; its thread starts with the first call. */
  static EngineClock shared() {
    return Shared.CLOCK;
  }

  private static final class Shared {
    private static final EngineClock CLOCK = start();

    private static EngineClock start() {
      ClockThread runner = new ClockThread();
      runner.thread.start();
      return runner.clock;
    }
  }

  private void wake() {
    if (!woken.getAndSet(true)) {
      LockSupport.unpark(thread);
    }
  }

  @Override
  @SuppressWarnings("InfiniteLoopStatement") // a daemon: ends with the process
  public void run() {
    while (true) {
      woken.set(false);
      long dueNanos = EngineClock.NEVER;
      try {
        dueNanos = clock.runDue();
      } catch (RuntimeException e) {
        // members guard themselves; whatever comes through must not stop all engines
        logger.error("An emulated engine threw", e);
        dueNanos = clock.nanoTime();
      }
      sleepUntil(dueNanos);
    }
  }

  private void sleepUntil(long dueNanos) {
    if (woken.get()) {
      return;
    }
    if (dueNanos == EngineClock.NEVER) {
      LockSupport.park(clock);
    } else {
      LockSupport.parkNanos(clock, Math.max(LEAST_SLEEP_NANOS, dueNanos - clock.nanoTime()));
    }
  }
}
