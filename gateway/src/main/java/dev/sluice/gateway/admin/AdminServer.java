package dev.sluice.gateway.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' listener, over HTTP/1.1: {@code /metrics} in Prometheus' text form, {@code
 * /healthz} (the process lives), {@code /readyz} (new work is wanted) and {@code /fleet} as JSON;
 * {@code POST /drain?backend=NAME} and {@code /undrain} take a backend out of service and back.
 *
 * <p>Has its own threads, so that it answers when the request path is busy. Loopback unless
 * configured otherwise. What changes something needs the header {@code x-sluice-admin}, which no
 * page of another site can make a browser send.
 */
public final class AdminServer implements AutoCloseable {

  private static final int MAX_WAITING_CONNECTIONS = 64;
  private static final int THREADS = 2;

  /** Header of requests that change something. */
  public static final String CHANGE_HEADER = "x-sluice-admin";

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

  private final HttpServer server;

  /**
   * What the listener shows.
   *
   * @param metrics in Prometheus' text form
   * @param ready whether new work is wanted
   * @param fleet the fleet as it stands
   */
  public record Views(
      Supplier<String> metrics, BooleanSupplier ready, Supplier<FleetSnapshot> fleet) {}

  /** Takes a backend out of service, or back. */
  @FunctionalInterface
  public interface Drain {

    /** Drains the backend with this index of the fleet, or undrains it. */
    void set(int index, boolean drained);
  }

  /**
   * A listener on {@code address} that shows {@code views}.
   *
   * @throws IOException if the address is in use or not ours
   */
  public AdminServer(InetSocketAddress address, Views views, Drain drain) throws IOException {
    server = HttpServer.create(address, MAX_WAITING_CONNECTIONS);
    server.setExecutor(
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("sluice-admin-", 0).daemon().factory()));
    show("/metrics", "text/plain; version=0.0.4; charset=utf-8", views.metrics());
    show("/healthz", "text/plain; charset=utf-8", () -> "ok\n");
    show("/fleet", "application/json", () -> FleetView.of(views.fleet().get()).toJson());
    change("/drain", views, drain, true);
    change("/undrain", views, drain, false);
    server.createContext(
        "/readyz",
        exchange -> {
          boolean ready = views.ready().getAsBoolean();
          answer(
              exchange,
              ready ? 200 : 503,
              "text/plain; charset=utf-8",
              ready ? "ready\n" : "no new work\n");
        });
  }

  private void change(String path, Views views, Drain drain, boolean drained) {
    server.createContext(
        path,
        exchange -> {
          String query = exchange.getRequestURI().getQuery();
          int index = query == null ? -1 : indexOf(query, views.fleet().get());
          if (!exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 405, "text/plain; charset=utf-8", "expected: POST\n");
          } else if (!exchange.getRequestHeaders().containsKey(CHANGE_HEADER)) {
            answer(
                exchange,
                403,
                "text/plain; charset=utf-8",
                "expected: header " + CHANGE_HEADER + "\n");
          } else if (index < 0) {
            answer(
                exchange,
                404,
                "text/plain; charset=utf-8",
                "no such backend (expected: ?backend=NAME, as /fleet names them)\n");
          } else {
            LOG.info("{} {}", drained ? "drain" : "undrain", query);
            drain.set(index, drained);
            answer(exchange, 200, "application/json", FleetView.of(views.fleet().get()).toJson());
          }
        });
  }

  private static int indexOf(String query, FleetSnapshot fleet) {
    for (int i = 0; i < fleet.size(); i++) {
      if (query.equals("backend=" + fleet.get(i).deployment().backend())) {
        return i;
      }
    }
    return -1;
  }

  private void show(String path, String type, Supplier<String> body) {
    server.createContext(
        path,
        exchange -> {
          if (!exchange.getRequestURI().getPath().equals(path)) {
            answer(exchange, 404, "text/plain; charset=utf-8", "not found\n");
          } else if (!exchange.getRequestMethod().equals("GET")) {
            answer(exchange, 405, "text/plain; charset=utf-8", "expected: GET\n");
          } else {
            answer(exchange, 200, type, body.get());
          }
        });
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    try (exchange;
        OutputStream out = exchange.getResponseBody()) {
      exchange.sendResponseHeaders(status, bytes.length);
      out.write(bytes);
    }
  }

  /** Begins to answer. */
  public void start() {
    server.start();
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Stops answering. */
  @Override
  public void close() {
    server.stop(0);
  }
}
