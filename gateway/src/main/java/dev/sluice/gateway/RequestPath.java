package dev.sluice.gateway;

import dev.sluice.gateway.accounting.Accounting;
import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.call.RequestAccount;
import dev.sluice.gateway.core.DecisionCore;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.dispatch.Dispatcher;
import dev.sluice.gateway.dispatch.WaitingRoom;
import dev.sluice.gateway.registry.FleetRegistry;
import dev.sluice.gateway.relay.Relay;
import dev.sluice.gateway.time.NanoClock;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The way of one inference request through the gateway. Stage numbers as in {@code package-info}.
 *
 * <p>Stage 1, {@code transport}, has read the call; it calls {@link #handle} on the event loop that
 * owns it.
 */
final class RequestPath implements CallHandler {

  private final Gatekeeper gatekeeper;
  private final TenantDesk tenants;
  private final FleetRegistry registry;
  private final DecisionCore core;
  private final Dispatcher dispatcher;
  private final WaitingRoom waitingRoom;
  private final Accounting accounting;
  private final NanoClock clock;

  RequestPath(Stages stages, NanoClock clock) {
    gatekeeper = stages.gatekeeper();
    tenants = stages.tenants();
    registry = stages.registry();
    core = stages.core();
    dispatcher = stages.dispatcher();
    waitingRoom = stages.waitingRoom();
    accounting = stages.accounting();
    this.clock = clock;
  }

  /** The stages that a request passes. */
  record Stages(
      Gatekeeper gatekeeper,
      TenantDesk tenants,
      FleetRegistry registry,
      DecisionCore core,
      Dispatcher dispatcher,
      WaitingRoom waitingRoom,
      Accounting accounting) {}

  @Override
  public void handle(InboundCall call) {
    RequestAccount account = //                                                    10 accounting
        tenants.watched(accounting.open(call.request()), call.request());
    Relay answer = new Relay(call, account); //                                     9 relay
    RoutingDecision decision =
        core.decide( //                                                             3–6 pure
            call.request(),
            gatekeeper.gate(call.request()),
            registry.snapshot(),
            clock.nanoTime(),
            ThreadLocalRandom.current());
    switch (decision) {
      case RoutingDecision.Route route -> dispatcher.dispatch(route, call.payload(), answer); // 7
      case RoutingDecision.Wait wait -> waitingRoom.park(wait, call.payload(), answer);
      case RoutingDecision.Refuse(Failure failure) -> answer.fail(failure);
    }
  }

  @Override
  public void unreadable(Failure failure, long arrivalNanos) {
    accounting.unreadable(failure, arrivalNanos); //                                10 accounting
  }
}
