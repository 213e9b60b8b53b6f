package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.accounting.Ledger;
import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.admission.OverloadLevel;
import dev.sluice.gateway.core.admission.TenantBooks;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.registry.FleetRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GatekeeperTest {

  private final Deque<Double> readings = new ArrayDeque<>();
  private long nowNanos;

  private final FleetRegistry registry = new FleetRegistry(FleetSnapshot.of(List.of()));
  private final Gatekeeper gatekeeper =
      new Gatekeeper(
          new Ledger(),
          registry,
          new TenantDesk(
              TenantBooks.Terms.NONE, CoreFixtures.catalogue(), registry, () -> nowNanos),
          new Gatekeeper.Limits(10, readings::remove),
          () -> nowNanos);

  @Test
  void theMeansAreReadFourTimesASecondAndCloseTheGateStepByStep() {
    readings.addAll(List.of(0.5, 0.91, 0.99));

    assertThat(gatekeeper.overload()).isEqualTo(OverloadLevel.CALM);
    nowNanos = 249_999_999;
    assertThat(gatekeeper.overload()).isEqualTo(OverloadLevel.CALM);
    nowNanos = 250_000_000;
    assertThat(gatekeeper.overload()).isEqualTo(OverloadLevel.SHORT);
    nowNanos = 500_000_000;
    InferenceRequest request = CoreFixtures.withConstraints(Constraints.NONE);
    assertThat(gatekeeper.gate(request).fullness()).isEqualTo(1);
    assertThat(readings).isEmpty();
  }

  @Test
  void theMeansOfThisProcessAreReadAsAShare() {
    assertThat(new HeapWatch().getAsDouble()).isBetween(0.0, 1.0);
    assertThat(new ProcessWatch().getAsDouble()).isBetween(1e-6, 1.0);
  }
}
