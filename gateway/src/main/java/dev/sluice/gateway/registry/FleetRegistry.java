package dev.sluice.gateway.registry;

import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;

/** The fleet as it is now: one snapshot, replaced by each observation. */
public final class FleetRegistry implements AutoCloseable {

  /**
   * How often backends are asked whether they can be reached; a failed attempt is told at once and
   * does not wait for it.
   */
  private static final long REACHABILITY_PERIOD_MILLIS = 250;

  private final AtomicReference<FleetSnapshot> snapshot;
  private final ScheduledExecutorService prober =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("sluice-registry").daemon().factory());

  /** A registry that begins with {@code initial}. */
  public FleetRegistry(FleetSnapshot initial) {
    snapshot = new AtomicReference<>(initial);
  }

  /** Asks {@code reachable} for every deployment from now on, at a steady pace. */
  public void watch(IntPredicate reachable) {
    Future<?> _ =
        prober.scheduleWithFixedDelay(
            () -> {
              for (int i = 0; i < snapshot().size(); i++) {
                observe(new Observation.Reachability(i, reachable.test(i)));
              }
            },
            0,
            REACHABILITY_PERIOD_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** The newest snapshot. */
  public FleetSnapshot snapshot() {
    return snapshot.get();
  }

  /** Applies {@code observation}. */
  public void observe(Observation observation) {
    FleetSnapshot before;
    FleetSnapshot after;
    do {
      before = snapshot.get();
      after = before.after(observation);
    } while (after != before && !snapshot.compareAndSet(before, after));
  }

  /** Stops asking. */
  @Override
  public void close() {
    prober.shutdownNow();
  }
}
