package dev.sluice.backends.openai.http;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.ConnectionPool;
import org.eclipse.jetty.client.ContinueProtocolHandler;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.DuplexConnectionPool;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.ProcessingProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/** Exchanges with one server and the connections kept between them. Thread-safe. */
public final class HttpClient implements AutoCloseable {

  private static final int CONNECT_MILLIS = 1_000;
  private static final int LOOKUP_MILLIS = 2_000;

  /**
   * Of silence before a request has begun to leave; faults F24 asks for a failure within a second
   * or so.
   */
  private static final int HANDSHAKE_MILLIS = 5_000;

  private static final int MOST_HEAD_BYTES = 32 * 1024;
  private static final int PIECE_BYTES = 64 * 1024;

  /** As good as no bound: how many generations run at once is decided elsewhere. */
  private static final int UNBOUNDED = 1 << 16;

  /**
   * Threads of each client that wait for sockets and take what comes. With one, answers that came
   * together waited for each other: 3,700 a second of 32 events each were the most.
   */
  private static final int SELECTORS = Math.min(4, Runtime.getRuntime().availableProcessors());

  // Beside the selectors a few threads connect and look up addresses.
  private static final QueuedThreadPool THREADS = new QueuedThreadPool(UNBOUNDED, 1);
  private static final Scheduler TIMERS =
      new ScheduledExecutorScheduler("sluice-upstream-timers", true);
  private static final ByteBufferPool BUFFERS = new ArrayByteBufferPool();

  static {
    THREADS.setName("sluice-upstream");
    THREADS.setDaemon(true);
    LifeCycle.start(THREADS);
    LifeCycle.start(TIMERS);
  }

  private final Origin origin;
  private final org.eclipse.jetty.client.HttpClient jetty;
  private final Destination destination;
  private volatile boolean closed;
  private volatile boolean down;

  /**
   * How long a connection serves.
   *
   * @param idleNanos how long it may be idle before it is not used any more; less than the server
   *     waits before it closes it
   * @param exchanges how many exchanges it serves; 0: any number
   */
  public record Keeping(long idleNanos, int exchanges) {}

  /** A client of {@code origin}, without a connection yet. */
  public HttpClient(Origin origin, Keeping keeping, SSLContext trust) {
    this.origin = origin;
    SslContextFactory.Client tls = new SslContextFactory.Client();
    tls.setSslContext(trust);
    ClientConnector connector = new ClientConnector();
    connector.setSelectors(SELECTORS);
    connector.setTCPNoDelay(true);
    connector.setSslContextFactory(tls);
    HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
    transport.setInvocationType(Invocable.InvocationType.NON_BLOCKING); // an attempt never waits
    transport.setConnectionPoolFactory(to -> pool(to, keeping.exchanges()));
    jetty = new org.eclipse.jetty.client.HttpClient(transport);
    jetty.setExecutor(THREADS);
    jetty.setScheduler(TIMERS);
    jetty.setByteBufferPool(BUFFERS);
    jetty.setUseInputDirectByteBuffers(false); // what comes is read where it lies
    jetty.setConnectTimeout(CONNECT_MILLIS);
    jetty.setIdleTimeout(TimeUnit.NANOSECONDS.toMillis(keeping.idleNanos()));
    jetty.setMaxConnectionsPerDestination(UNBOUNDED);
    jetty.setMaxRequestsQueuedPerDestination(UNBOUNDED);
    jetty.setMaxResponseHeadersSize(MOST_HEAD_BYTES);
    jetty.setUserAgentField(new HttpField(HttpHeader.USER_AGENT, "sluice"));
    jetty.setHttpCookieStore(new HttpCookieStore.Empty());
    jetty.setSocketAddressResolver(
        new LastGoodAddresses(new SocketAddressResolver.Async(THREADS, TIMERS, LOOKUP_MILLIS)));
    jetty.addBean(new Handshakes());
    LifeCycle.start(jetty);
    speakPlainly();
    destination = jetty.resolveDestination(jetty.newRequest(origin.toString()));
  }

  private static ConnectionPool pool(Destination destination, int exchanges) {
    DuplexConnectionPool pool = new DuplexConnectionPool(destination, UNBOUNDED);
    pool.setMaxUsage(exchanges);
    return pool;
  }

  /** No redirect, no password, no coding: an answer is passed on as it came. */
  private void speakPlainly() {
    jetty.setFollowRedirects(false);
    jetty.getContentDecoderFactories().clear();
    jetty.getProtocolHandlers().clear();
    jetty.getProtocolHandlers().put(new ContinueProtocolHandler());
    jetty.getProtocolHandlers().put(new ProcessingProtocolHandler());
    jetty.getProtocolHandlers().put(new EarlyHintsProtocolHandler());
  }

  /** Behind TLS a server is up when it has proved who it is. */
  private final class Handshakes implements SslHandshakeListener {

    /** The runtime believes a certificate that is its own authority beyond its time. */
    @Override
    public void handshakeSucceeded(Event event) throws SSLException {
      try {
        if (event.getSSLEngine().getSession().getPeerCertificates()[0]
            instanceof X509Certificate certificate) {
          certificate.checkValidity();
        }
        down = false;
      } catch (CertificateException e) {
        down = true;
        throw new SSLException("tls: a certificate out of its time", e);
      }
    }

    @Override
    public void handshakeFailed(Event event, Throwable failure) {
      down = true;
    }
  }

  /** A new exchange, to be closed by who runs it. */
  public Exchange exchange() {
    return new Exchange(this);
  }

  /** A new exchange for a thread that waits, to be closed by it. */
  public BlockingExchange blockingExchange() {
    return new BlockingExchange(exchange());
  }

  /** Whether the last attempt to connect failed. */
  public boolean isDown() {
    return down;
  }

  /** Tries to connect, and keeps the connection. */
  public void probe() {
    try {
      destination.getConnectionPool().preCreateConnections(1).get();
      reached();
    } catch (ExecutionException e) {
      down = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---- for its exchanges

  boolean isSecure() {
    return origin.secure();
  }

  org.eclipse.jetty.client.Request request(Request request) {
    org.eclipse.jetty.client.Request made =
        jetty
            .newRequest(origin + request.target())
            .method(request.method())
            .idleTimeout(isSecure() ? HANDSHAKE_MILLIS : 0, TimeUnit.MILLISECONDS)
            // no compression: a token gains nothing, and a bomb has no way in
            .headers(headers -> headers.put(HttpHeader.ACCEPT_ENCODING, "identity"))
            .headers(headers -> request.headers().forEach(headers::put));
    return request.body().length == 0
        ? made
        : made.body(new ByteBufferRequestContent(pieces(request.body())));
  }

  /** The runtime copies what a write is given, however little of it the socket then takes. */
  private static ByteBuffer[] pieces(byte[] body) {
    return IntStream.iterate(0, at -> at < body.length, at -> at + PIECE_BYTES)
        .mapToObj(at -> ByteBuffer.wrap(body, at, Math.min(PIECE_BYTES, body.length - at)).slice())
        .toArray(ByteBuffer[]::new);
  }

  /** A new connection that is not kept. */
  CompletableFuture<Connection> connect() {
    return destination.newConnection();
  }

  /** Runs {@code task}, which must not wait, after {@code nanos}. */
  Scheduler.Task after(long nanos, Runnable task) {
    return TIMERS.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /** Notes that a connection was there. */
  void reached() {
    if (!isSecure()) {
      down = false;
    }
  }

  /** Says what went wrong without the words of others, who may say anything. */
  NeverSentException neverSent(Throwable failure) {
    if (closed) {
      return new NeverSentException("closed");
    }
    down = true;
    return new NeverSentException(
        switch (failure) {
          case UnknownHostException _ -> "cannot resolve the host";
          case SocketTimeoutException _ -> "connect: timed out";
          case ConnectException _ -> "connect: Connection refused";
          case TimeoutException _ when isSecure() -> "tls: timed out";
          case Throwable _ when isSecure() -> "tls: " + failure.getClass().getSimpleName();
          default -> "connect: " + failure.getClass().getSimpleName();
        });
  }

  /** Closes what is kept and opens nothing any more; running exchanges end with it. */
  @Override
  public void close() {
    closed = true;
    LifeCycle.stop(jetty);
  }

  @Override
  public String toString() {
    return origin + (down ? ", down" : "");
  }
}
