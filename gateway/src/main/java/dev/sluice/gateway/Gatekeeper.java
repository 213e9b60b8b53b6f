package dev.sluice.gateway;

import dev.sluice.gateway.accounting.Ledger;
import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.request.Criticality;
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

  /** How often the heap is looked at (faults §5.6). */
  private static final long HEAP_CHECK_NANOS = 250_000_000;

  private final Ledger ledger;
  private final FleetRegistry registry;
  private final Limits limits;
  private final NanoClock clock;
  private final AtomicLong heapReadNanos;
  private volatile double heapPressure;
  private volatile boolean draining;

  /**
   * What the gateway can hold.
   *
   * @param maxInFlight most requests at once
   * @param heap share of the heap that is in use, garbage left out
   */
  record Limits(int maxInFlight, DoubleSupplier heap) {}

  Gatekeeper(Ledger ledger, FleetRegistry registry, Limits limits, NanoClock clock) {
    this.clock = clock;
    this.ledger = ledger;
    this.registry = registry;
    this.limits = limits;
    heapReadNanos = new AtomicLong(clock.nanoTime() - HEAP_CHECK_NANOS);
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
    double requests = (ledger.read().inFlight() - 1) / (double) limits.maxInFlight();
    return new Admission.Gate(draining, Math.max(requests, heapPressure()), registry.lengths());
  }

  /** How much the heap presses, looked at now and then by whoever comes first. */
  private double heapPressure() {
    long nowNanos = clock.nanoTime();
    long readNanos = heapReadNanos.get();
    if (nowNanos - readNanos >= HEAP_CHECK_NANOS
        && heapReadNanos.compareAndSet(readNanos, nowNanos)) {
      heapPressure = pressure(limits.heap().getAsDouble());
    }
    return heapPressure;
  }

  /**
   * What a heap that is in use to this share means for the gate: at 90 % what can be shed is, at 95
   * % all but the most critical, at 98 % everything (faults §5.6).
   */
  static double pressure(double heapShare) {
    if (heapShare >= 0.98) {
      return Criticality.CRITICAL_PLUS.admittedBelow();
    }
    if (heapShare >= 0.95) {
      return Criticality.CRITICAL.admittedBelow();
    }
    return heapShare >= 0.9 ? Criticality.SHEDDABLE_PLUS.admittedBelow() : 0;
  }
}
