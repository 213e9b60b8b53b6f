package dev.sluice.gateway;

import dev.sluice.backends.Backend;
import dev.sluice.gateway.accounting.Accounting;
import dev.sluice.gateway.accounting.AttemptLedger;
import dev.sluice.gateway.accounting.Ledger;
import dev.sluice.gateway.accounting.ModelTallies;
import dev.sluice.gateway.admin.AdminServer;
import dev.sluice.gateway.config.CoreTerms;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.DecisionCore;
import dev.sluice.gateway.core.Offer;
import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.admission.Means;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.dispatch.Dispatcher;
import dev.sluice.gateway.dispatch.WaitingRoom;
import dev.sluice.gateway.observe.Metrics;
import dev.sluice.gateway.registry.FleetRegistry;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.gateway.time.WallClock;
import dev.sluice.gateway.transport.GrpcTransport;
import dev.sluice.gateway.transport.RequestCall;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.http.HttpTransport;
import dev.sluice.gateway.transport.oip.InferenceFront;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway: made from a configuration, started, drained, closed. */
final class Gateway implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  private final GatewayConfig config;
  private final NanoClock clock;
  private final List<Backend> backends;
  private final Ledger ledger;
  private final AttemptLedger attempts;
  private final FleetRegistry registry;
  private final Dispatcher dispatcher;
  private final Accounting accounting;
  private final Gatekeeper gatekeeper;
  private final OverloadWatch overload;
  private final GrpcTransport transport;
  private final HttpTransport http;
  private final AdminServer admin;

  /**
   * A gateway that does what {@code config} says with {@code backends}, one for each entry of its
   * fleet.
   *
   * @throws IOException if the admin address is in use or not ours; the message names it
   */
  Gateway(GatewayConfig config, List<Backend> backends, NanoClock clock) throws IOException {
    this(config, backends, clock, ProcessWatch::new);
  }

  /**
   * The same of a process whose means {@code means} reads, given what tells its share of lag.
   *
   * @throws IOException if the admin address is in use or not ours; the message names it
   */
  Gateway(
      GatewayConfig config,
      List<Backend> backends,
      NanoClock clock,
      Function<DoubleSupplier, Supplier<Means>> means)
      throws IOException {
    this.config = config;
    this.clock = clock;
    this.backends = List.copyOf(backends);
    ledger = new Ledger();
    Metrics metrics = new Metrics();
    attempts = new AttemptLedger(metrics.handovers("failover"), metrics.handovers("resume"));
    show(metrics, ledger, attempts);
    Catalogue catalogue = CoreTerms.catalogue(config);
    DecisionCore core =
        new DecisionCore(
            new Admission(catalogue, config.limits().maxTotal().toNanos()),
            Policies.named(config.policy().name()),
            CoreTerms.caps(config.policy()));
    registry = new FleetRegistry(FleetSnapshot.of(CoreTerms.deployments(config)));
    TenantDesk tenants =
        new TenantDesk(CoreTerms.tenants(config.limits()), catalogue, registry, clock);
    overload = new OverloadWatch(clock, means);
    gatekeeper =
        new Gatekeeper(
            ledger,
            registry,
            tenants,
            new Gatekeeper.Limits(config.limits().maxInFlight(), overload::level),
            clock);
    show(metrics, overload);
    dispatcher =
        new Dispatcher(
            new Dispatcher.Surroundings(
                backends,
                registry::observe,
                registry::learn,
                new Rescue(core, registry, clock),
                attempts,
                overload::level,
                config.limits().maxInFlightPerBackend(),
                clock));
    ModelTallies tallies = new ModelTallies(catalogue, WallClock.system());
    accounting =
        new Accounting(
            clock,
            ledger,
            account -> {
              metrics.count(account);
              tallies.count(account);
            });
    RequestPath path =
        new RequestPath(
            new RequestPath.Stages(
                gatekeeper,
                tenants,
                registry,
                core,
                dispatcher,
                new WaitingRoom(dispatcher, config.limits().maxInFlight()),
                accounting),
            clock);
    Supplier<List<Offer>> offers =
        () -> core.offers(registry.snapshot(), clock.nanoTime(), ThreadLocalRandom.current());
    Requests requests = new Requests(clock.nanoTime(), Wiring::promptTokens);
    transport =
        new GrpcTransport(
            new GrpcTransport.Settings(
                socketAddress(config.listeners().grpc()),
                config.limits().maxMessageBytes(),
                config.limits().maxMetadataBytes(),
                requests,
                List.of(
                    InferenceFront.service(
                        new RequestCall.Surroundings(
                            path, clock, config.limits().maxMessageBytes()),
                        requests,
                        new InferenceFront.Views(
                            catalogue, registry::snapshot, tallies::read, gatekeeper::ready)))),
            path,
            offers,
            clock);
    http =
        new HttpTransport(
            new HttpTransport.Settings(
                socketAddress(config.listeners().http()),
                // JSON takes up to twice what the same message takes in gRPC
                2 * config.limits().maxMessageBytes(),
                config.limits().maxMetadataBytes(),
                requests,
                gatekeeper::ready),
            path,
            offers,
            new HttpTransport.Clocks(clock, WallClock.system()));
    admin =
        Listening.on(
            config.listeners().admin(),
            () ->
                new AdminServer(
                    socketAddress(config.listeners().admin()),
                    new AdminServer.Views(metrics::scrape, gatekeeper::ready, registry::snapshot),
                    (index, drained) -> registry.observe(new Observation.Drained(index, drained))));
  }

  private static void show(Metrics metrics, Ledger ledger, AttemptLedger attempts) {
    metrics.counter("sluice.attempts.started", "", attempts, a -> a.read().started());
    metrics.counter("sluice.attempts", "won", attempts, a -> a.read().won());
    metrics.counter("sluice.attempts", "failed", attempts, a -> a.read().failed());
    metrics.counter("sluice.attempts", "cancelled", attempts, a -> a.read().cancelled());
    metrics.gauge("sluice.attempts.running", attempts, a -> a.read().running());
    metrics.counter("sluice.resumes", "", attempts, a -> a.read().resumed());
    metrics.counter("sluice.tokens.received", "", attempts, a -> a.read().tokens().received());
    metrics.counter(
        "sluice.tokens.discarded", "late", attempts, a -> a.read().tokens().discardedLate());
    metrics.counter(
        "sluice.tokens.discarded",
        "duplicate",
        attempts,
        a -> a.read().tokens().discardedDuplicate());
    metrics.counter("sluice.invariant.violations", "", attempts, a -> a.read().violations());
    metrics.counter("sluice.requests", "rejected", ledger, l -> l.read().rejected());
    metrics.counter("sluice.requests", "completed", ledger, l -> l.read().completed());
    metrics.counter("sluice.requests", "failed", ledger, l -> l.read().failed());
    metrics.counter("sluice.requests", "cancelled", ledger, l -> l.read().cancelled());
    metrics.counter("sluice.requests.received", "", ledger, l -> l.read().received());
    metrics.counter("sluice.tokens.delivered", "", ledger, l -> l.read().deliveredTokens());
    metrics.counter("sluice.records.dropped", "", ledger, l -> l.read().droppedRecords());
    metrics.gauge("sluice.requests.in_flight", ledger, l -> l.read().inFlight());
  }

  private static void show(Metrics metrics, OverloadWatch overload) {
    metrics.gauge("sluice.overload.level", overload, watch -> watch.level().number());
    metrics.gauge("sluice.overload.heap.ratio", overload, watch -> watch.means().heap());
    metrics.gauge(
        "sluice.overload.direct.memory.ratio", overload, watch -> watch.means().directMemory());
    metrics.gauge(
        "sluice.overload.descriptors.ratio", overload, watch -> watch.means().descriptors());
    metrics.gauge("sluice.overload.lag.ratio", overload, watch -> watch.means().lag());
    metrics.counter("sluice.overload.broken.off", "", overload, OverloadWatch::brokenOff);
  }

  private static InetSocketAddress socketAddress(GatewayConfig.Address address) {
    return new InetSocketAddress(address.host(), address.port());
  }

  /**
   * Opens the listeners.
   *
   * @throws IOException if an address is in use or not ours; the message names it
   */
  void start() throws IOException {
    registry.watch(new FleetRegistry.Probe(clock, this::probe));
    Listening.begin(config.listeners().grpc(), transport::start);
    Listening.begin(config.listeners().http(), http::start);
    admin.start();
    overload.begin(
        new OverloadWatch.Acting(
            List.of(transport::overloaded, http::overloaded), dispatcher::breakOffLargest));
  }

  /** What the backend with this index can be asked without effort. */
  private List<Observation> probe(int index) {
    Backend backend = backends.get(index);
    List<Observation> seen = new ArrayList<>(2);
    seen.add(new Observation.Reachability(index, backend.reachable()));
    backend
        .load()
        .ifPresent(
            load ->
                seen.add(
                    new Observation.Reported(
                        index,
                        load.running(),
                        load.waiting(),
                        load.pendingPrefillTokens(),
                        clock.nanoTime())));
    return seen;
  }

  int grpcPort() {
    return transport.port();
  }

  int httpPort() {
    return http.port();
  }

  /** The books. */
  Ledger.Reading ledger() {
    return ledger.read();
  }

  /** The books on attempts. */
  AttemptLedger.Reading attempts() {
    return attempts.read();
  }

  int adminPort() {
    return admin.port();
  }

  /**
   * Takes no new work and lets running streams finish, as long as the limit says; true if all did.
   *
   * <p>The listener stays open meanwhile, so that new calls hear DRAINING instead of a broken
   * connection.
   */
  boolean drain() {
    LOG.info("draining: no new work; running streams may take {}", config.limits().drain());
    gatekeeper.drain();
    transport.notServing();
    boolean idle = gatekeeper.awaitIdle(config.limits().drain());
    LOG.info(
        "{}: {} streams left", idle ? "drained" : "drain limit reached", gatekeeper.inFlight());
    return idle;
  }

  /** Ends whatever still runs and frees everything. */
  @Override
  public void close() {
    overload.close();
    transport.close();
    http.close();
    admin.close();
    dispatcher.close();
    registry.close();
    backends.forEach(Backend::close);
    accounting.close();
  }

  @Override
  public String toString() {
    return "Gateway[grpc %s, http %s, admin %s, %d models, %d backends, policy %s]"
        .formatted(
            config.listeners().grpc(),
            config.listeners().http(),
            config.listeners().admin(),
            config.models().size(),
            config.fleet().size(),
            config.policy().name());
  }
}
