package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.loadtest.workload.PrefixBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Small fleets and the requests for them. */
final class SimulationFixtures {

  static final String MODEL = "llama-3.3-70b";
  static final long MILLISECOND = 1_000_000;
  static final long SECOND = 1_000_000_000;

  /** Nobody hurries, and every class of the tests' fleets allows it. */
  static final Demand PATIENT = demand(Budget.NONE);

  private SimulationFixtures() {}

  /** A fleet that {@code entries}, lines of a configuration's fleet, describe. */
  static SimulatedFleet fleet(String... entries) {
    return SimulatedFleet.of(config(entries));
  }

  static GatewayConfig config(String... entries) {
    StringBuilder text =
        new StringBuilder(
            """
            models: [{name: llama-3.3-70b, context_tokens: 131072, max_output_tokens: 1024}]
            service_classes: [{name: any, budget: {}}]
            fleet:
            """);
    for (String entry : entries) {
      text.append("  - {kind: emulated, model: llama-3.3-70b, ").append(entry).append("}\n");
    }
    return parsed(text.toString());
  }

  static GatewayConfig parsed(String text) {
    try {
      Path file = Files.createTempFile("fleet", ".yaml");
      try {
        Files.writeString(file, text);
        return switch (ConfigLoader.load(file)) {
          case ConfigLoader.Loaded(GatewayConfig config) -> config;
          case ConfigLoader.Faulty faulty -> throw new IllegalArgumentException(faulty.toString());
        };
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static SimulatedFleet shippedFleet() {
    return switch (ConfigLoader.shipped()) {
      case ConfigLoader.Loaded(GatewayConfig config) -> SimulatedFleet.of(config);
      case ConfigLoader.Faulty faulty -> throw new IllegalStateException(faulty.toString());
    };
  }

  static Demand demand(Budget budget) {
    return new Demand(MODEL, "any", budget, Constraints.NONE);
  }

  static Arrival arrival(long id, long atNanos, int promptTokens, int outputTokens) {
    return new Arrival(id, atNanos, promptTokens, outputTokens, PATIENT, PrefixBlocks.NONE);
  }

  static VirtualGateway.Rules rules(SimulatedFleet fleet, String policy) {
    return new VirtualGateway.Rules(fleet, Policies.named(policy), Disclosure.DEFAULT);
  }

  /** What became of {@code arrivals} on {@code fleet}, in the order in which they ended. */
  static List<FinishedRequest> played(SimulatedFleet fleet, String policy, Arrival... arrivals)
      throws IOException {
    return played(rules(fleet, policy), List.of(), arrivals);
  }

  static List<FinishedRequest> played(
      VirtualGateway.Rules rules, List<Fault> faults, Arrival... arrivals) throws IOException {
    List<FinishedRequest> finished = new ArrayList<>();
    new Simulation(rules, faults, 1, finished::add).play(queue(List.of(arrivals)));
    return finished;
  }

  static ArrivalQueue queue(List<Arrival> arrivals) throws IOException {
    return ArrivalQueue.openLoop(source(arrivals));
  }

  static ArrivalSource source(List<Arrival> arrivals) {
    Iterator<Arrival> iterator = arrivals.iterator();
    return () -> iterator.hasNext() ? iterator.next() : null;
  }
}
