package dev.sluice.loadtest.live;

import dev.sluice.loadtest.report.ClientHealth;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Watcher of the load generator itself, from the start of the measured part until asked. */
final class ClientMonitor {
  private final NanoClock clock;
  private final long startNanos;
  private final long startCpuNanos = cpuNanos();
  private final long startGcMillis = gcMillis();
  private final HiccupMeter meter = new HiccupMeter();
  private final Thread thread;
  private volatile boolean stopped;

  ClientMonitor(NanoClock clock, long startNanos) {
    this.clock = clock;
    this.startNanos = startNanos;
    // A platform thread: a virtual one would share carriers and measure their queue as well.
    thread = Thread.ofPlatform().name("pause-detector").daemon().unstarted(this::watch);
  }

  void start() {
    thread.start();
  }

  private void watch() {
    while (!stopped) {
      long beganNanos = clock.nanoTime();
      LockSupport.parkNanos(HiccupMeter.NAP_NANOS);
      if (beganNanos >= startNanos) {
        meter.napped(beganNanos - startNanos, clock.nanoTime() - startNanos);
      }
    }
  }

  ClientHealth stop(boolean pausesFlagged) throws InterruptedException {
    stopped = true;
    thread.join();
    double wallNanos = clock.nanoTime() - startNanos;
    double cpus = Runtime.getRuntime().availableProcessors();
    return new ClientHealth(
        meter.pauses(),
        meter.longestNanos(),
        Math.max(0, (cpuNanos() - startCpuNanos) / (wallNanos * cpus)),
        gcMillis() - startGcMillis,
        pausesFlagged);
  }

  private static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
  }

  /** Concurrent collectors also count work beside the running threads, which holds nobody up. */
  private static long gcMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(bean -> !bean.getName().contains("Cycles"))
        .filter(bean -> !bean.getName().contains("Concurrent"))
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }
}
