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

/**
 * The operators' listener, over HTTP/1.1: {@code /metrics} in Prometheus' text form, {@code
 * /healthz} (the process lives), {@code /readyz} (new work is wanted) and {@code /fleet} as JSON.
 *
 * <p>Has its own threads, so that it answers when the request path is busy. Read-only; loopback
 * unless configured otherwise.
 */
public final class AdminServer implements AutoCloseable {

  private static final int MAX_WAITING_CONNECTIONS = 64;
  private static final int THREADS = 2;

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

  /**
   * A listener on {@code address} that shows {@code views}.
   *
   * @throws IOException if the address is in use or not ours
   */
  public AdminServer(InetSocketAddress address, Views views) throws IOException {
    server = HttpServer.create(address, MAX_WAITING_CONNECTIONS);
    server.setExecutor(
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("sluice-admin-", 0).daemon().factory()));
    show("/metrics", "text/plain; version=0.0.4; charset=utf-8", views.metrics());
    show("/healthz", "text/plain; charset=utf-8", () -> "ok\n");
    show("/fleet", "application/json", () -> FleetView.of(views.fleet().get()).toJson());
    server.createContext(
        "/readyz",
        exchange -> {
          boolean ready = views.ready().getAsBoolean();
          answer(
              exchange,
              ready ? 200 : 503,
              "text/plain; charset=utf-8",
              ready ? "ready\n" : "draining\n");
        });
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
