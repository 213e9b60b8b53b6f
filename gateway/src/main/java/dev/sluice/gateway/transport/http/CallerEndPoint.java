package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.time.NanoClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * A caller's connection that notices when the caller goes away, and how long a request's head
 * takes.
 *
 * <p>Over HTTP/1.1 Jetty reads nothing while a request is being answered, so it would learn of a
 * caller that left only from a failed write: never, while an answer is still being waited for or
 * put together. So the connection is read meanwhile. Its end means that the caller is gone; bytes
 * are the next request, come early: they are kept for the connection, and the watch is over.
 *
 * <p>Over HTTP/2 Jetty itself reads all the time, and neither watch nor head is a matter of the
 * connection.
 */
final class CallerEndPoint extends SocketChannelEndPoint {

  private static final int EARLY_BYTES = 4 * 1024;
  private static final long NO_HEAD = Long.MAX_VALUE;

  private final Executor executor;
  private final NanoClock clock;
  private final Callback watch = new Watch();

  /** Held while the socket is read, which does not block: else early bytes could change places. */
  private final Object reading = new Object();

  private @Nullable Runnable onGone;
  private @Nullable ByteBuffer early;
  private volatile boolean headExpected = true;
  private volatile long headBeganNanos = NO_HEAD;

  CallerEndPoint(
      SocketChannel channel,
      ManagedSelector selector,
      SelectionKey key,
      Scheduler scheduler,
      Surroundings surroundings) {
    super(channel, selector, key, scheduler);
    executor = surroundings.executor();
    clock = surroundings.clock();
  }

  /** What a connection needs of its listener. */
  record Surroundings(Executor executor, NanoClock clock) {}

  // ---- the head of a request

  /** The head of a request is whole. */
  void headEnded() {
    headExpected = false;
    headBeganNanos = NO_HEAD;
  }

  /** Whether the head of a request began before {@code nanos} and is still not whole. */
  boolean headBeganBefore(long nanos) {
    long began = headBeganNanos;
    return began != NO_HEAD && began - nanos < 0;
  }

  @Override
  public void upgrade(Connection connection) {
    headEnded();
    super.upgrade(connection);
  }

  // ---- the caller

  /** Calls {@code onGone} when the caller goes away, until {@link #unwatch}. */
  void watch(Runnable onGone) {
    synchronized (reading) {
      this.onGone = onGone;
    }
    boolean _ = tryFillInterested(watch);
  }

  /** Ends the watch: from here on the connection itself may read. */
  void unwatch() {
    synchronized (reading) {
      onGone = null;
    }
    boolean _ = getFillInterest().onFail(new Unwatched());
  }

  private void look() {
    Runnable gone = null;
    synchronized (reading) {
      if (onGone == null) {
        return;
      }
      ByteBuffer buffer = BufferUtil.allocate(EARLY_BYTES);
      int count = readInto(buffer);
      if (count == 0) {
        boolean _ = tryFillInterested(watch);
      } else {
        gone = count < 0 ? onGone : null;
        onGone = null;
        early = count < 0 ? null : buffer;
      }
    }
    if (gone != null) {
      gone.run();
    }
  }

  private int readInto(ByteBuffer buffer) {
    try {
      return super.fill(buffer);
    } catch (IOException e) {
      return -1;
    }
  }

  private void lost() {
    Runnable gone;
    synchronized (reading) {
      gone = onGone;
      onGone = null;
    }
    if (gone != null) {
      gone.run();
    }
  }

  // ---- as the connection sees it

  @Override
  public int fill(ByteBuffer buffer) throws IOException {
    int count;
    synchronized (reading) {
      ByteBuffer before = early;
      early = null;
      if (before == null) {
        count = super.fill(buffer);
      } else {
        count = BufferUtil.append(buffer, before);
        early = before.hasRemaining() ? before : null;
      }
    }
    if (count > 0 && headExpected && headBeganNanos == NO_HEAD) {
      headBeganNanos = clock.nanoTime();
    }
    return count;
  }

  @Override
  public void fillInterested(Callback callback) {
    // only the body of a request is asked for by the other method
    headExpected = true;
    super.fillInterested(callback);
    boolean waiting;
    synchronized (reading) {
      waiting = early != null;
    }
    if (waiting) {
      executor.execute(getFillInterest()::fillable);
    }
  }

  private final class Watch implements Callback {
    @Override
    public void succeeded() {
      look();
    }

    @Override
    public void failed(Throwable cause) {
      lost();
    }

    @Override
    public InvocationType getInvocationType() {
      return InvocationType.NON_BLOCKING;
    }
  }

  /** Tells the watch that it is over; thrown by nobody. */
  private static final class Unwatched extends Exception {
    private Unwatched() {
      super("unwatched", null, false, false);
    }
  }
}
