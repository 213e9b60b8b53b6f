package dev.sluice.backends.openai.http;

import java.io.IOException;
import org.eclipse.jetty.client.Connection;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Everything but {@link #cancel} is for the thread that runs it, and
 * blocks.
 */
public final class Exchange implements AutoCloseable {

  private final HttpClient client;
  private volatile @Nullable Attempt attempt;
  private volatile boolean cancelled;

  /** Of the attempt that followed on a broken one. */
  private @Nullable Connection connection;

  private int silenceMillis;

  Exchange(HttpClient client) {
    this.client = client;
  }

  /**
   * Sends {@code request} and waits for the head of its answer. A connection that turns out to have
   * been closed by the server since its last exchange is replaced by a new one, once.
   *
   * @param silenceMillis longest silence that is borne, here and in reads; 0: any
   * @throws NeverSentException if the server could not be reached
   * @throws IOException if the answer does not come or is malformed
   */
  public ResponseHead send(Request request, int silenceMillis) throws IOException {
    this.silenceMillis = silenceMillis;
    Attempt first = begin(request);
    try {
      first.send();
      return first.head(silenceMillis);
    } catch (IOException e) {
      if (cancelled || !first.wasTooLate()) {
        throw e;
      }
    }
    Connection fresh = client.connected();
    connection = fresh;
    Attempt second = begin(request);
    second.sendOn(fresh);
    return second.head(silenceMillis);
  }

  private Attempt begin(Request request) throws IOException {
    Attempt begun = new Attempt(client, request);
    attempt = begun;
    if (cancelled) {
      // whoever cancels has either seen the attempt or is seen here
      throw new IOException("cancelled");
    }
    return begun;
  }

  /** The next bytes of the body, at least one; -1 at its end. */
  public int read(byte[] into) throws IOException {
    return current().read(into, silenceMillis);
  }

  /** Whether {@link #read} would not wait. */
  public boolean hasMore() {
    return current().hasMore();
  }

  /** A read that waits longer than this fails with a {@code SocketTimeoutException}; 0: never. */
  public void timeout(int millis) {
    silenceMillis = millis;
  }

  private Attempt current() {
    Attempt current = attempt;
    if (current == null) {
      throw new IllegalStateException("body: none (expected: after send)");
    }
    return current;
  }

  /** Gives the exchange up, from any thread; a thread that waits in it fails. */
  public void cancel() {
    cancelled = true;
    Attempt running = attempt;
    if (running != null) {
      running.abort();
    }
  }

  /** Leaves the connection to another exchange if this one is over, else closes it. */
  @Override
  public void close() {
    Attempt last = attempt;
    if (last != null) {
      last.close();
    }
    if (connection != null) {
      connection.close();
    }
  }
}
