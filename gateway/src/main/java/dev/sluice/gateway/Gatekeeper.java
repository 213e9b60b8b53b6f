package dev.sluice.gateway;

import dev.sluice.gateway.accounting.Ledger;
import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.admission.OverloadLevel;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.registry.FleetRegistry;
import dev.sluice.gateway.time.NanoClock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Knows whether the gateway takes new work. */
final class Gatekeeper {

  /** How often a draining gateway looks whether it is idle. */
  private static final long IDLE_CHECK_NANOS = 5_000_000;

  private final Ledger ledger;
  private final FleetRegistry registry;
  private final TenantDesk tenants;
  private final Limits limits;
  private final NanoClock clock;
  private volatile boolean draining;

  /**
   * What the gateway can hold.
   *
   * @param maxInFlight most requests at once
   * @param overload how far the process has used up what it has for itself
   */
  record Limits(int maxInFlight, Supplier<OverloadLevel> overload) {}

  Gatekeeper(
      Ledger ledger, FleetRegistry registry, TenantDesk tenants, Limits limits, NanoClock clock) {
    this.tenants = tenants;
    this.clock = clock;
    this.ledger = ledger;
    this.registry = registry;
    this.limits = limits;
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

  /** Whether new work is wanted. */
  boolean ready() {
    return !draining && limits.overload().get().allowsConnections();
  }

  /** The gate as it stands for {@code request}, which is in the ledger already. */
  Admission.Gate gate(InferenceRequest request) {
    double requests = (ledger.read().inFlight() - 1) / (double) limits.maxInFlight();
    return new Admission.Gate(
        draining,
        Math.max(requests, limits.overload().get().fullness()),
        registry.lengths(),
        tenants.standing(request));
  }
}
