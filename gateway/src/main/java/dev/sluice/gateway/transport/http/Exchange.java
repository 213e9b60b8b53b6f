package dev.sluice.gateway.transport.http;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on the wire: writes one piece at a time, keeps what comes meanwhile,
 * and says when that is more than a caller who keeps up would leave.
 *
 * <p>One thread writes at a time; completions come from others.
 */
final class Exchange extends IteratingCallback {

  /** Bytes that may wait for the caller before it counts as slow: gRPC's threshold. */
  private static final int MOST_WAITING_BYTES = 32 * 1024;

  private static final int FIRST_BYTES = 512;

  /** What nginx calls it, and others after it. */
  private static final int CLIENT_CLOSED_REQUEST = 499;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final AtomicInteger open;
  private final @Nullable CallerEndPoint endPoint;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean goneTold = new AtomicBoolean();
  private final Object lock = new Object();

  // ---- under the lock
  private byte[] waiting = new byte[FIRST_BYTES];
  private byte[] written = new byte[FIRST_BYTES];
  private int waitingBytes;
  private End end = End.NOT_YET;

  private volatile boolean full;
  private boolean lastWritten;
  private volatile @Nullable Runnable onReady;
  private volatile @Nullable Runnable onGone;
  private volatile boolean gone;

  /** How an answer ends. */
  private enum End {
    NOT_YET,
    /** With all of it written. */
    WHOLE,
    /**
     * With what is there written and the connection broken off, so that nobody takes it for whole.
     */
    BROKEN_OFF
  }

  /** An exchange that is one more of those that are {@code open} until it is over. */
  Exchange(Request request, Response response, Callback callback, AtomicInteger open) {
    this.open = open;
    open.incrementAndGet();
    this.request = request;
    this.response = response;
    this.callback = callback;
    // over HTTP/2 the session reads all the time and tells of resets by itself
    endPoint =
        request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_2
                && request.getConnectionMetaData().getConnection().getEndPoint()
                    instanceof CallerEndPoint own
            ? own
            : null;
    request.addFailureListener(_ -> callerGone());
    // waiting for tokens is no idleness; deadlines end what takes too long
    request.addIdleTimeoutListener(_ -> false);
  }

  // ---- the caller

  /** See {@code InboundCall.listen}. */
  void listen(Runnable onReady, Runnable onGone) {
    this.onReady = onReady;
    this.onGone = onGone;
    CallerEndPoint own = endPoint;
    if (gone) {
      callerGone();
    } else if (own != null && !ended.get()) {
      own.watch(this::callerGone);
    }
  }

  private void callerGone() {
    gone = true;
    Runnable listener = onGone;
    if (listener != null && goneTold.compareAndSet(false, true)) {
      listener.run();
    }
  }

  boolean isReady() {
    return !full;
  }

  // ---- the answer

  /** Headers of the answer, until something is written. */
  HttpFields.Mutable headers() {
    return response.getHeaders();
  }

  /** Begins an answer with this status; what is written next goes with it. */
  void begin(int status, String contentType) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
  }

  /** Adds to the answer. */
  void write(JsonBytes piece) {
    add(piece, End.NOT_YET);
    iterate();
  }

  /** Adds the last piece of the answer. */
  void end(JsonBytes piece) {
    unwatch();
    add(piece, End.WHOLE);
    iterate();
  }

  /** Adds a last piece, and breaks off. */
  void breakOff(JsonBytes piece) {
    unwatch();
    add(piece, End.BROKEN_OFF);
    iterate();
  }

  /** Answers in one piece. */
  void answer(int status, String contentType, JsonBytes body) {
    begin(status, contentType);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length());
    end(body);
  }

  /** Breaks off at once, whatever is still to be written. */
  void abort() {
    if (response.isCommitted()) {
      complete(new BrokenOff());
    } else {
      // said to nobody: a failure without an answer would be logged by Jetty, one warning each
      response.setStatus(CLIENT_CLOSED_REQUEST);
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0L);
      end(new JsonBytes());
    }
  }

  private void add(JsonBytes piece, End how) {
    synchronized (lock) {
      int total = waitingBytes + piece.length();
      if (total > waiting.length) {
        waiting = Arrays.copyOf(waiting, Math.max(total, 2 * waiting.length));
      }
      System.arraycopy(piece.array(), 0, waiting, waitingBytes, piece.length());
      waitingBytes = total;
      end = end == End.NOT_YET ? how : end;
      full = total >= MOST_WAITING_BYTES;
    }
  }

  @Override
  protected Action process() {
    if (ended.get()) {
      return Action.SUCCEEDED;
    }
    ByteBuffer piece;
    boolean last;
    synchronized (lock) {
      if (lastWritten || (waitingBytes == 0 && end == End.BROKEN_OFF)) {
        return Action.SUCCEEDED;
      }
      if (waitingBytes == 0 && end == End.NOT_YET) {
        return Action.IDLE;
      }
      last = end == End.WHOLE;
      lastWritten = last;
      piece = waitingBytes == 0 ? NOTHING : ByteBuffer.wrap(waiting, 0, waitingBytes);
      byte[] free = written;
      written = waiting;
      waiting = free;
      waitingBytes = 0;
    }
    response.write(last, piece, this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onSuccess() {
    if (full) {
      full = false;
      Runnable listener = onReady;
      if (listener != null) {
        listener.run();
      }
    }
  }

  @Override
  protected void onCompleteSuccess() {
    complete(lastWritten ? null : new BrokenOff());
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    callerGone();
    complete(cause);
  }

  /** Gives request and response back to the server, once; nobody touches them after that. */
  private void complete(@Nullable Throwable failure) {
    if (ended.compareAndSet(false, true)) {
      unwatch();
      if (failure == null) {
        callback.succeeded();
      } else {
        callback.failed(failure);
      }
      open.decrementAndGet();
    }
  }

  private void unwatch() {
    CallerEndPoint own = endPoint;
    if (own != null) {
      own.unwatch();
    }
  }

  Request request() {
    return request;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  /** Makes the server close a connection in the middle of an answer; thrown by nobody. */
  private static final class BrokenOff extends Exception {
    private BrokenOff() {
      super("the answer broke off", null, false, false);
    }
  }
}
