package dev.sluice.backends.openai.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * One sending of a request, and its answer. Jetty's threads leave word of what has come, and the
 * thread that runs the exchange waits for it; while nobody reads, nothing is taken from the socket
 * beyond one buffer.
 */
final class Attempt {

  /**
   * How soon a connection that was used before must fail for the failure to be its age's: a server
   * that has closed it answers the first bytes with a reset. Later the server may have begun to
   * work. Chosen without measurement.
   */
  private static final long AGED_NANOS = 250_000_000;

  /**
   * How long the connection may take to go back to the others after the last byte was read. It
   * takes microseconds; without it the next exchange opens one more.
   */
  private static final long RELEASE_MILLIS = 100;

  private final HttpClient client;
  private final org.eclipse.jetty.client.Request request;
  private final CountDownLatch over = new CountDownLatch(1);

  /** One permit or more when something has come. */
  private final Semaphore news = new Semaphore(0);

  private volatile @Nullable Sending sending;
  private volatile boolean committed;
  private volatile @Nullable Answer answer;
  private volatile @Nullable Throwable failure;
  private volatile boolean aborted;

  /** Whether word was asked for that more has come, and is not there yet. */
  private volatile boolean demanded;

  // the running thread only
  private Content.@Nullable Chunk chunk;
  private boolean ended;

  /** How a connection was when the request met it. */
  private record Sending(
      org.eclipse.jetty.io.Connection connection, long receivedBytes, long atNanos) {}

  private record Answer(Response response, Content.Source source) {}

  Attempt(HttpClient client, Request what) {
    this.client = client;
    request =
        client
            .request(what)
            .onRequestBegin(this::begun)
            .onRequestCommit(this::committed)
            .onResponseContentSource(this::answered)
            .onResponseFailure(this::broken);
  }

  void send() {
    request.send(this::completed);
  }

  void sendOn(Connection connection) {
    connection.send(request, this::completed);
  }

  // ---- Jetty's threads

  private void begun(org.eclipse.jetty.client.Request begun) {
    if (begun.getConnection() instanceof org.eclipse.jetty.io.Connection connection) {
      sending = new Sending(connection, connection.getBytesIn(), System.nanoTime());
    }
    client.reached();
  }

  private void committed(org.eclipse.jetty.client.Request sent) {
    committed = true;
    Sending met = sending;
    if (met != null) {
      // from here on the engine may take its time
      met.connection.getEndPoint().setIdleTimeout(0);
    }
  }

  private void answered(Response response, Content.Source source) {
    answer = new Answer(response, source);
    news.release();
  }

  private void arrived() {
    demanded = false;
    news.release();
  }

  /** Told while the connection is still as it was when the answer broke. */
  private void broken(Response response, Throwable broken) {
    Sending met = sending;
    boolean isOpen = met != null && !met.connection.getEndPoint().isInputShutdown();
    // of a body that breaks the rules Jetty says that it ended early; a broken write is a subclass
    failure = isOpen && broken.getClass() == EOFException.class ? malformed() : broken;
    news.release();
  }

  private void completed(Result result) {
    if (result.isFailed() && failure == null) {
      failure = result.getFailure();
      news.release();
    }
    over.countDown();
  }

  /** Gives it up, from any thread. */
  void abort() {
    aborted = true;
    news.release();
    giveUp("cancelled");
  }

  private void giveUp(String why) {
    // whether it was still running makes no difference
    CompletableFuture<Boolean> _ = request.abort(new IOException(why));
  }

  // ---- the running thread

  /** Waits for the head of the answer. */
  ResponseHead head(int silenceMillis) throws IOException {
    Answer come = answer;
    while (come == null) {
      await(silenceMillis);
      come = answer;
    }
    return ResponseHead.of(come.response);
  }

  /** The next bytes of the body, at least one; -1 at its end. A time-out can be repeated. */
  int read(byte[] into, int silenceMillis) throws IOException {
    while (!ended) {
      Content.Chunk next = next(silenceMillis);
      while (Content.Chunk.isFailure(next)) {
        await(silenceMillis); // for the reason, which may be told a moment later
      }
      ByteBuffer bytes = next.getByteBuffer();
      int count = Math.min(bytes.remaining(), into.length);
      bytes.get(into, 0, count);
      if (!bytes.hasRemaining()) {
        ended = next.isLast();
        next.release();
        chunk = null;
      }
      if (count > 0) {
        return count;
      }
    }
    return -1;
  }

  private Content.Chunk next(int silenceMillis) throws IOException {
    while (!hasMore()) {
      if (!demanded) {
        demanded = true;
        source().demand(this::arrived);
      }
      await(silenceMillis);
    }
    return Objects.requireNonNull(chunk);
  }

  /** Whether a read would not wait. */
  boolean hasMore() {
    if (chunk == null && !ended && !demanded) {
      chunk = source().read();
    }
    return chunk != null;
  }

  private Content.Source source() {
    Answer come = answer;
    if (come == null) {
      throw new IllegalStateException("body: none (expected: after the head)");
    }
    return come.source;
  }

  private void await(int silenceMillis) throws IOException {
    checkFailure();
    try {
      if (silenceMillis == 0) {
        news.acquire();
      } else if (!news.tryAcquire(silenceMillis, TimeUnit.MILLISECONDS)) {
        throw new SocketTimeoutException("silence: longer than " + silenceMillis + " ms");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private void checkFailure() throws IOException {
    if (aborted) {
      throw new IOException("cancelled");
    }
    Throwable broken = failure;
    if (broken != null) {
      boolean sent = client.isSecure() ? committed : sending != null;
      throw sent ? told(broken) : client.neverSent(broken);
    }
  }

  private static IOException told(Throwable failure) {
    return switch (failure) {
      case TimeoutException _ -> new SocketTimeoutException("write: timed out");
      case IOException e -> e;
      default -> malformed(); // the parser's exceptions, one of them a failed assertion
    };
  }

  private static MalformedResponseException malformed() {
    return new MalformedResponseException("answer: not HTTP/1.1, or more of it than is taken");
  }

  /** Whether it failed because its connection had been closed by the server before. */
  boolean wasTooLate() {
    Sending met = sending;
    return met != null
        && met.receivedBytes > 0
        && met.connection.getBytesIn() == met.receivedBytes
        && System.nanoTime() - met.atNanos < AGED_NANOS;
  }

  /** Closes the connection if the answer is not over, else sees it given back. */
  void close() {
    if (ended) {
      awaitRelease();
    } else {
      giveUp("closed");
    }
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
  }

  private void awaitRelease() {
    try {
      boolean _ = over.await(RELEASE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
