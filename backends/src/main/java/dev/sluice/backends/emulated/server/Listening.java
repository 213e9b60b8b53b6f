package dev.sluice.backends.emulated.server;

import io.grpc.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * A gRPC server that can say goodbye on every connection and listen again at once, on the same
 * port.
 */
final class Listening {

  private final int port;
  private final IntFunction<Server> maker;
  private final Object lock = new Object();

  /** All that have ever listened, the newest last; guarded by lock. */
  private final List<Server> servers = new ArrayList<>();

  private boolean ending; // guarded by lock

  /**
   * A listener that does not listen yet.
   *
   * @param maker makes a server for a port
   */
  Listening(int port, IntFunction<Server> maker) {
    this.port = port;
    this.maker = maker;
  }

  void start() throws IOException {
    listen(port);
  }

  /** The port it listens on; to be asked while it does. */
  int port() {
    return newest().getPort();
  }

  /** Says GOAWAY on every connection; calls that run come to their end. */
  void sayGoodbye() {
    newest().shutdown();
  }

  /**
   * Listens on {@code port}; after {@link #sayGoodbye} it takes a moment until it is free again.
   *
   * @throws IOException if it is not
   */
  void listen(int port) throws IOException {
    Server next = maker.apply(port);
    next.start();
    synchronized (lock) {
      if (!ending) {
        servers.add(next);
        lock.notifyAll();
        return;
      }
    }
    next.shutdownNow();
  }

  /** Takes no new calls, for good. */
  void shutdown() {
    all().forEach(Server::shutdown);
  }

  /** Ends all calls. */
  void shutdownNow() {
    all().forEach(Server::shutdownNow);
  }

  private List<Server> all() {
    synchronized (lock) {
      ending = true;
      lock.notifyAll();
      return List.copyOf(servers);
    }
  }

  private Server newest() {
    synchronized (lock) {
      return servers.getLast();
    }
  }

  /** Waits until it is shut down for good and no call runs. */
  void awaitEnd() throws InterruptedException {
    synchronized (lock) {
      // between a goodbye and the next listening no server runs, and that is no end
      while (!ending) {
        lock.wait();
      }
    }
    for (Server server : all()) {
      server.awaitTermination();
    }
  }

  /** The same for at most so long after a shutdown; returns whether it came to that. */
  boolean awaitEnd(long limitNanos) throws InterruptedException {
    long untilNanos = System.nanoTime() + limitNanos;
    for (Server server : all()) {
      if (!server.awaitTermination(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }
}
