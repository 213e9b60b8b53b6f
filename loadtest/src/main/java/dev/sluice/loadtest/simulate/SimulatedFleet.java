package dev.sluice.loadtest.simulate;

import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.emulated.EngineSettings;
import dev.sluice.backends.profile.Profile;
import dev.sluice.gateway.config.CoreTerms;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.admission.TenantBooks;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.selection.Caps;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A gateway's configuration as the simulator uses it. A backend that is not emulated is simulated
 * from the profile that the gateway forecasts it by.
 *
 * @param catalogue what can be asked for
 * @param deployments who could serve, in the core's disclosure
 * @param engines how each of them is emulated, in the same order
 * @param gate the gateway's own bounds
 */
record SimulatedFleet(
    Catalogue catalogue, List<Deployment> deployments, List<EngineSettings> engines, Gate gate) {

  /**
   * Bounds of the gateway.
   *
   * @param maxInFlight most requests at once
   * @param maxTotalNanos longest a request may take, whatever its budget
   * @param caps what holds for the site as a whole
   * @param tenants what holds for each tenant
   */
  record Gate(int maxInFlight, long maxTotalNanos, Caps caps, TenantBooks.Terms tenants) {}

  SimulatedFleet {
    deployments = List.copyOf(deployments);
    engines = List.copyOf(engines);
    if (deployments.isEmpty() || engines.size() != deployments.size()) {
      throw new IllegalArgumentException(
          "fleet: %d deployments, %d engines (expected: as many, at least 1)"
              .formatted(deployments.size(), engines.size()));
    }
  }

  /**
   * The fleet of {@code config}.
   *
   * @throws IllegalArgumentException if a backend cannot be simulated; names it
   */
  static SimulatedFleet of(GatewayConfig config) {
    List<EngineSettings> engines = new ArrayList<>();
    List<Deployment> deployments = CoreTerms.deployments(config);
    for (GatewayConfig.BackendEntry entry : config.fleet()) {
      engines.add(engine(entry));
    }
    return new SimulatedFleet(
        CoreTerms.catalogue(config),
        deployments,
        engines,
        new Gate(
            config.limits().maxInFlight(),
            config.limits().maxTotal().toNanos(),
            CoreTerms.caps(config.policy()),
            CoreTerms.tenants(config.limits())));
  }

  private static EngineSettings engine(GatewayConfig.BackendEntry entry) {
    Profile profile = Objects.requireNonNull(entry.profile(), entry.id());
    try {
      return EngineSettings.of(
              new BackendSpec(entry.id(), entry.model(), profile, entry.settings()), profile)
          .behind(entry.place().link().toNanos());
    } catch (InvalidSettingException e) {
      throw new IllegalArgumentException(
          "backend " + entry.id() + ": settings." + e.getMessage(), e);
    }
  }

  Admission admission() {
    return new Admission(catalogue, gate.maxTotalNanos());
  }
}
