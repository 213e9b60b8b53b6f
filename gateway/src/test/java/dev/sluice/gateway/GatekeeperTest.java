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
import java.util.List;
import org.junit.jupiter.api.Test;

final class GatekeeperTest {

  private OverloadLevel level = OverloadLevel.CALM;

  private final FleetRegistry registry = new FleetRegistry(FleetSnapshot.of(List.of()));
  private final Gatekeeper gatekeeper =
      new Gatekeeper(
          new Ledger(),
          registry,
          new TenantDesk(TenantBooks.Terms.NONE, CoreFixtures.catalogue(), registry, () -> 0),
          new Gatekeeper.Limits(10, () -> level),
          () -> 0);

  @Test
  void whatTheProcessHasLeftClosesTheGateStepByStep() {
    InferenceRequest request = CoreFixtures.withConstraints(Constraints.NONE);
    assertThat(gatekeeper.gate(request).fullness()).isZero();
    assertThat(gatekeeper.ready()).isTrue();
    level = OverloadLevel.SCARCE;
    assertThat(gatekeeper.gate(request).fullness()).isEqualTo(OverloadLevel.SCARCE.fullness());
    assertThat(gatekeeper.ready()).isTrue();
    level = OverloadLevel.SPENT;
    assertThat(gatekeeper.gate(request).fullness()).isEqualTo(1);
    assertThat(gatekeeper.ready()).as("new work is wanted").isFalse();
  }
}
