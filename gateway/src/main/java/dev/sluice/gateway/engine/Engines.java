package dev.sluice.gateway.engine;

import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.time.NanoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines that a gateway starts and owns, all at once and each by itself. Whether one can be
 * asked is for its backend to find out.
 */
public final class Engines implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

  /** An idle llama.cpp takes two seconds; a systemd unit has ninety for all. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final List<GatewayConfig.Engine> engines;
  private final OwnedEngine.Terms terms;
  private final List<OwnedEngine> owned = new ArrayList<>();
  private final NanoClock clock;
  private boolean closed;

  /** The engines of a configuration, of which none runs yet. */
  public Engines(List<GatewayConfig.Engine> engines, Installation.Places places, NanoClock clock) {
    this(
        engines,
        new OwnedEngine.Terms(
            places,
            engines.isEmpty() ? Tether.NONE : Tether.ofThisMachine(),
            Backoff.initial(),
            GRACE_NANOS,
            clock));
  }

  Engines(List<GatewayConfig.Engine> engines, OwnedEngine.Terms terms) {
    this.engines = List.copyOf(engines);
    this.terms = terms;
    clock = terms.clock();
  }

  /** Starts those that are installed, says what is missing of the others, and waits for none. */
  public synchronized void start() {
    if (closed) {
      return;
    }
    if (!engines.isEmpty() && !terms.tether().isThere()) {
      LOG.warn("there is no setpriv of util-linux: engines go on if the gateway is killed");
    }
    for (GatewayConfig.Engine engine : engines) {
      switch (Installation.of(engine.start(), terms.places())) {
        case Installation.Found found -> begin(new OwnedEngine(engine, found.program(), terms));
        case Installation.Missing missing ->
            LOG.error("engine of {} is not started: {}", engine.backend(), missing.text());
      }
    }
  }

  private void begin(OwnedEngine engine) {
    owned.add(engine);
    engine.begin();
  }

  /** Ends all: SIGTERM, and SIGKILL for who still runs when the grace is over. */
  @Override
  public synchronized void close() {
    closed = true;
    long untilNanos = clock.nanoTime() + terms.graceNanos();
    owned.forEach(OwnedEngine::end);
    try {
      for (OwnedEngine engine : owned) {
        engine.awaitEnd(untilNanos - clock.nanoTime());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    owned.clear();
  }

  @Override
  public synchronized String toString() {
    return "Engines" + owned;
  }
}
