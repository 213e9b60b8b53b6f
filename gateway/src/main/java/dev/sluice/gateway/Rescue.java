package dev.sluice.gateway;

import dev.sluice.gateway.core.DecisionCore;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.dispatch.Dispatcher;
import dev.sluice.gateway.registry.FleetRegistry;
import dev.sluice.gateway.time.NanoClock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;

/** Asks the core again about requests that wait or whose backend failed them. */
record Rescue(DecisionCore core, FleetRegistry registry, NanoClock clock)
    implements Dispatcher.Chooser {

  @Override
  public int places(String model) {
    return registry.snapshot().places(model);
  }

  @Override
  public RoutingDecision choose(AdmittedRequest request) {
    return core.route(
        request, registry.snapshot(), _ -> false, clock.nanoTime(), ThreadLocalRandom.current());
  }

  @Override
  public Failure refusal(AdmittedRequest request) {
    return core.refusal(
        request, registry.snapshot(), clock.nanoTime(), ThreadLocalRandom.current());
  }

  @Override
  public RoutingDecision rescue(AdmittedRequest request, IntPredicate tried) {
    return core.rescue(
        request, registry.snapshot(), tried, clock.nanoTime(), ThreadLocalRandom.current());
  }
}
