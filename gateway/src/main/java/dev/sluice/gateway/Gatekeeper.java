package dev.sluice.gateway;

import dev.sluice.gateway.accounting.Ledger;
import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.admission.OverloadLevel;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.registry.FleetRegistry;
import dev.sluice.gateway.time.NanoClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.DoubleSupplier;

/** Knows whether the gateway takes new work. */
final class Gatekeeper {

  /** How often a draining gateway looks whether it is idle. */
  private static final long IDLE_CHECK_NANOS = 5_000_000;

  /** How often the process's own means are looked at (faults §5.6). */
  private static final long MEANS_CHECK_NANOS = 250_000_000;

  private final Ledger ledger;
  private final FleetRegistry registry;
  private final TenantDesk tenants;
  private final Limits limits;
  private final NanoClock clock;
  private final AtomicLong meansReadNanos;
  private volatile OverloadLevel overload = OverloadLevel.CALM;
  private volatile boolean draining;

  /**
   * What the gateway can hold.
   *
   * @param maxInFlight most requests at once
   * @param means share that is in use of what the process has for itself
   */
  record Limits(int maxInFlight, DoubleSupplier means) {}

  Gatekeeper(
      Ledger ledger, FleetRegistry registry, TenantDesk tenants, Limits limits, NanoClock clock) {
    this.tenants = tenants;
    this.clock = clock;
    this.ledger = ledger;
    this.registry = registry;
    this.limits = limits;
    meansReadNanos = new AtomicLong(clock.nanoTime() - MEANS_CHECK_NANOS);
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

  /** The gate as it stands for {@code request}, which is in the ledger already. */
  Admission.Gate gate(InferenceRequest request) {
    double requests = (ledger.read().inFlight() - 1) / (double) limits.maxInFlight();
    return new Admission.Gate(
        draining,
        Math.max(requests, overload().fullness()),
        registry.lengths(),
        tenants.standing(request));
  }

  /** How far the process has used up its means, looked at now and then by whoever comes first. */
  OverloadLevel overload() {
    long nowNanos = clock.nanoTime();
    long readNanos = meansReadNanos.get();
    if (nowNanos - readNanos >= MEANS_CHECK_NANOS
        && meansReadNanos.compareAndSet(readNanos, nowNanos)) {
      overload = overload.next(limits.means().getAsDouble());
    }
    return overload;
  }
}
