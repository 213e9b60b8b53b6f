package dev.sluice.backends.openai.http;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer. Everything but {@link #cancel} is for the thread that runs it, and
 * blocks.
 */
public final class Exchange implements AutoCloseable {

  /**
   * How soon a connection that was used before must fail for the failure to be its age's: a server
   * that has closed it answers the first bytes with a reset. Later the server may have begun to
   * work. Chosen without measurement.
   */
  private static final long AGED_NANOS = 250_000_000;

  private final HttpClient client;
  private volatile @Nullable Connection connection;
  private volatile boolean cancelled;
  private @Nullable ResponseHead head;
  private @Nullable Body body;

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
    byte[] bytes = request.encoded(client.origin());
    Connection kept = client.kept();
    if (kept != null) {
      long sentNanos = System.nanoTime();
      try {
        return attempt(kept, bytes, silenceMillis);
      } catch (IOException e) {
        boolean aged =
            kept.receivedNothing() && System.nanoTime() - sentNanos < AGED_NANOS && !cancelled;
        if (!aged) {
          throw e;
        }
      }
    }
    return attempt(client.connected(), bytes, silenceMillis);
  }

  private ResponseHead attempt(Connection on, byte[] bytes, int silenceMillis) throws IOException {
    connection = on;
    on.begin();
    try {
      if (cancelled) {
        throw new IOException("cancelled");
      }
      on.timeout(silenceMillis);
      try {
        on.write(bytes);
      } catch (IOException e) {
        // a server that refuses a large request may answer before it has read it all
        return headAfterBrokenWrite(on, e);
      }
      return readHead(on);
    } catch (IOException | RuntimeException e) {
      on.close();
      throw e;
    }
  }

  private ResponseHead headAfterBrokenWrite(Connection on, IOException broken) throws IOException {
    try {
      return readHead(on);
    } catch (IOException _) {
      throw broken;
    }
  }

  private ResponseHead readHead(Connection on) throws IOException {
    ResponseHead read = on.readHead();
    while (read.isInterim()) {
      read = on.readHead();
    }
    head = read;
    body = Body.of(read, on);
    return read;
  }

  /** The next bytes of the body, at least one; -1 at its end. */
  public int read(byte[] into) throws IOException {
    return body().read(into);
  }

  /** Whether {@link #read} would not wait. */
  public boolean hasMore() throws IOException {
    Connection on = connection;
    return on != null && !body().hasEnded() && on.hasMore();
  }

  /** A read that waits longer than this fails with a {@code SocketTimeoutException}; 0: never. */
  public void timeout(int millis) throws IOException {
    Connection on = connection;
    if (on != null) {
      on.timeout(millis);
    }
  }

  private Body body() {
    Body current = body;
    if (current == null) {
      throw new IllegalStateException("body: none (expected: after send)");
    }
    return current;
  }

  /** Gives the exchange up, from any thread; a thread that waits in it fails. */
  public void cancel() {
    cancelled = true;
    Connection on = connection;
    if (on != null) {
      on.close();
    }
  }

  /** Keeps the connection for another exchange if this one is over, else closes it. */
  @Override
  public void close() {
    Connection on = connection;
    ResponseHead read = head;
    Body whole = body;
    connection = null;
    if (on == null) {
      return;
    }
    boolean reusable =
        !cancelled
            && read != null
            && whole != null
            && whole.hasEnded()
            && whole.leavesConnection()
            && read.keepsConnection();
    if (reusable) {
      client.keep(on);
    } else {
      on.close();
    }
  }
}
