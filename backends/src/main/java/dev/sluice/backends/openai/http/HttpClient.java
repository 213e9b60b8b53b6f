package dev.sluice.backends.openai.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Exchanges with one server and the connections kept between them. Thread-safe. */
public final class HttpClient implements AutoCloseable {

  /** Far more than stand idle at once; what is beyond is closed. */
  private static final int MOST_KEPT = 256;

  private final Origin origin;
  private final Keeping keeping;
  private final SSLContext trust;
  private final Addresses addresses;
  private final ReentrantLock lock = new ReentrantLock();

  /** The one used last is first. Guarded by {@link #lock}. */
  private final Deque<Connection> kept = new ArrayDeque<>();

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
    this.keeping = keeping;
    this.trust = trust;
    addresses = new Addresses(origin.host());
  }

  /** A new exchange, to be closed by who runs it. */
  public Exchange exchange() {
    return new Exchange(this);
  }

  Origin origin() {
    return origin;
  }

  /** Whether the last attempt to connect failed. */
  public boolean isDown() {
    return down;
  }

  /** Tries to connect, and keeps the connection. */
  public void probe() {
    try {
      keep(connected());
    } catch (IOException _) {
      // it stays down
    }
  }

  /** A kept connection that looks usable; null when there is none. */
  @Nullable Connection kept() {
    while (true) {
      Connection candidate;
      lock.lock();
      try {
        candidate = kept.pollFirst();
      } finally {
        lock.unlock();
      }
      if (candidate == null) {
        return null;
      }
      boolean old = System.nanoTime() - candidate.idleSinceNanos() > keeping.idleNanos();
      if (!old && !candidate.isStale()) {
        return candidate;
      }
      candidate.close();
    }
  }

  /** A new connection. */
  Connection connected() throws NeverSentException {
    if (closed) {
      throw new NeverSentException("closed");
    }
    IOException last = null;
    for (InetAddress address : addresses.get()) {
      try {
        Connection connection = Connection.open(origin, address, trust);
        down = false;
        return connection;
      } catch (IOException e) {
        last = e;
      }
    }
    down = true;
    throw new NeverSentException(why(last));
  }

  /** Says what went wrong without the words of others, who may say anything. */
  private static String why(@Nullable IOException failure) {
    return switch (failure) {
      case null -> "no address";
      case SocketTimeoutException _ -> "connect: timed out";
      case SSLException e -> "tls: " + e.getClass().getSimpleName();
      case ConnectException _ -> "connect: Connection refused";
      default -> "connect: " + failure.getClass().getSimpleName();
    };
  }

  /** Keeps {@code connection}, or closes it if it has served its time. */
  void keep(Connection connection) {
    long nowNanos = System.nanoTime();
    connection.idleSince(nowNanos);
    boolean spent = keeping.exchanges() > 0 && connection.exchanges() >= keeping.exchanges();
    Connection leaving = spent ? connection : null;
    lock.lock();
    try {
      if (!spent) {
        kept.addFirst(connection);
      }
      Connection oldest = kept.peekLast();
      if (oldest != null
          && (closed
              || kept.size() > MOST_KEPT
              || nowNanos - oldest.idleSinceNanos() > keeping.idleNanos())) {
        kept.removeLast().close();
      }
    } finally {
      lock.unlock();
    }
    if (leaving != null) {
      leaving.close();
    }
  }

  /** Closes what is kept and opens nothing any more; running exchanges are their callers'. */
  @Override
  public void close() {
    closed = true;
    lock.lock();
    try {
      kept.forEach(Connection::close);
      kept.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return origin + (down ? ", down" : "");
  }
}
