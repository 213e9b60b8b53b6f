package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.core.Offer;
import dev.sluice.gateway.core.admission.OverloadLevel;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.gateway.time.WallClock;
import dev.sluice.gateway.transport.Requests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP listener: OpenAI's API over HTTP/1.1 and, to those who speak it from the first byte or
 * upgrade to it, HTTP/2 in clear text.
 *
 * <p>Handlers run on the selector's thread and never block. Limits are those of faults §5.1, §5.3
 * and §5.7.
 */
public final class HttpTransport implements AutoCloseable {

  private static final int MOST_CONNECTIONS = 8_000;
  private static final int MOST_STREAMS_PER_CONNECTION = 1_000;
  private static final long IDLE_MILLIS = 60_000;

  /** Least time that a connection may be idle: enough for a request that is on its way. */
  private static final long LEAST_IDLE_MILLIS = 1_000;

  private static final long HEAD_NANOS = 5_000_000_000L;
  private static final long HEAD_CHECK_MILLIS = 500;
  private static final long BODY_GRACE_NANOS = 15_000_000_000L;
  private static final long LEAST_BODY_BYTES_PER_SECOND = 1024;

  /**
   * What the kernel may hold for a caller. Left to itself it takes megabytes before it says that
   * somebody reads too slowly.
   */
  private static final int SEND_BUFFER_BYTES = 64 * 1024;

  /** One selector, one thread to take over from it, one to spare. */
  private static final int THREADS = 4;

  /** Time for what was written already to leave. */
  private static final long LAST_WRITES_MILLIS = 500;

  private static final long LAST_WRITES_CHECK_NANOS = 1_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);

  private final Server server;
  private final Front front;
  private final CallerConnector connector;
  private final NanoClock clock;

  /** Whether connections are accepted, but for their limit, which sees to it by itself. */
  private boolean accepts = true;

  /**
   * Where to listen and what to allow.
   *
   * @param address host and port; port 0 takes a free one
   * @param mostBodyBytes largest body
   * @param mostHeadBytes largest request line and headers
   * @param requests makes requests of what is read
   * @param ready whether new work is wanted
   */
  public record Settings(
      InetSocketAddress address,
      int mostBodyBytes,
      int mostHeadBytes,
      Requests requests,
      BooleanSupplier ready) {}

  /**
   * What tells the time.
   *
   * @param monotonic for all that is decided
   * @param wall for what callers are shown
   */
  public record Clocks(NanoClock monotonic, WallClock wall) {}

  /**
   * A listener that hands every request to {@code handler}; {@link #start} opens it.
   *
   * @param offers what models offer, now
   */
  public HttpTransport(
      Settings settings, CallHandler handler, Supplier<List<Offer>> offers, Clocks clocks) {
    clock = clocks.monotonic();
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
    threads.setName("sluice-http");
    threads.setDaemon(true);
    threads.setReservedThreads(0);
    server = new Server(threads);
    server.setErrorHandler(new Errors());
    front =
        new Front(
            new BodyCall.Surroundings(
                handler,
                new CompletionReader(settings.requests(), settings.mostBodyBytes()),
                new BodyReader.Limits(
                    settings.mostBodyBytes(), BODY_GRACE_NANOS, LEAST_BODY_BYTES_PER_SECOND),
                clock,
                clocks.wall()),
            new ModelList(offers, clocks.wall().epochSeconds()),
            settings.ready());
    server.setHandler(front);
    connector = connector(settings);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, connector));
  }

  private CallerConnector connector(Settings settings) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(settings.mostHeadBytes());
    // Jetty would keep 75 KiB for each connection, to save the making of a few strings
    http.setHeaderCacheSize(0);
    http.setIdleTimeout(IDLE_MILLIS);
    http.setUriCompliance(
        // names of models have slashes, which clients write %2F
        UriCompliance.DEFAULT.with("SLUICE", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
    HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
    http2.setMaxConcurrentStreams(MOST_STREAMS_PER_CONNECTION);
    CallerConnector made =
        new CallerConnector(server, clock, new HttpConnectionFactory(http), http2);
    made.setHost(settings.address().getHostString());
    made.setPort(settings.address().getPort());
    made.setIdleTimeout(IDLE_MILLIS);
    made.setAcceptedTcpNoDelay(true);
    made.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    return made;
  }

  /**
   * Opens the listener.
   *
   * @throws IOException if the address is in use or not ours
   */
  public void start() throws IOException {
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
    watchHeads();
  }

  /** Closes, again and again, what takes too long for the head of a request. */
  private void watchHeads() {
    if (server.isRunning()) {
      connector.closeHeadsBegunBefore(clock.nanoTime() - HEAD_NANOS);
      connector.getScheduler().schedule(this::watchHeads, HEAD_CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * The process has used up this much of its means: connections are left idle for less long, down
   * to hardly at all, and at the worst none is accepted. One with a request under way is not idle.
   */
  public void overloaded(OverloadLevel level) {
    connector.idleFor(Math.max(LEAST_IDLE_MILLIS, (long) (IDLE_MILLIS * level.idleShare())));
    if (accepts != level.allowsConnections()) {
      accepts = level.allowsConnections();
      connector.setAccepting(accepts);
    }
  }

  /** The port it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /**
   * Takes no new connections, gives the last answers a moment to leave, and ends whatever still
   * runs.
   */
  @Override
  public void close() {
    connector.close();
    long endNanos = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WRITES_MILLIS);
    while (front.open() > 0 && clock.nanoTime() - endNanos < 0) {
      LockSupport.parkNanos(LAST_WRITES_CHECK_NANOS);
    }
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the HTTP listener ended with a failure", e);
    }
  }
}
