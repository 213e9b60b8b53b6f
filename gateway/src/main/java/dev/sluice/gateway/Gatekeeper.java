package dev.sluice.gateway;

import dev.sluice.gateway.accounting.Ledger;
import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.registry.FleetRegistry;
import dev.sluice.gateway.time.NanoClock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Knows whether the gateway takes new work. */
final class Gatekeeper {

  /** How often a draining gateway looks whether it is idle. */
  private static final long IDLE_CHECK_NANOS = 5_000_000;

  private final Ledger ledger;
  private final FleetRegistry registry;
  private final int maxInFlight;
  private final NanoClock clock;
  private volatile boolean draining;

  Gatekeeper(Ledger ledger, FleetRegistry registry, int maxInFlight, NanoClock clock) {
    this.clock = clock;
    this.ledger = ledger;
    this.registry = registry;
    this.maxInFlight = maxInFlight;
  }

  /** Takes no new work from now on. */
  void drain() {
    draining = true;
  }

  long inFlight() {
    return ledger.read().inFlight();
  }

  /** Waits until no request is in flight, {@code limit} at most; true if there is none. */
  boolean awaitIdle(Duration limit) {
    long endNanos = clock.nanoTime() + limit.toNanos();
    while (inFlight() > 0 && clock.nanoTime() - endNanos < 0 && !Thread.interrupted()) {
      LockSupport.parkNanos(IDLE_CHECK_NANOS);
    }
    return inFlight() == 0;
  }

  boolean ready() {
    return !draining;
  }

  /** The gate as it stands. The request that asks is in the ledger already. */
  Admission.Gate gate() {
    return new Admission.Gate(draining, ledger.read().inFlight() > maxInFlight, registry.lengths());
  }
}
