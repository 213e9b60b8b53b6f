package dev.sluice.backends.openai.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;

/**
 * One sending of a request, and its answer. Jetty's threads tell of what has come, and whoever runs
 * the exchange takes it; while nobody does, nothing is taken from the socket beyond one buffer.
 */
final class Attempt {

  /**
   * How soon a connection that was used before must fail for the failure to be its age's: a server
   * that has closed it answers the first bytes with a reset. Later the server may have begun to
   * work. Chosen without measurement.
   */
  private static final long AGED_NANOS = 250_000_000;

  private final HttpClient client;
  private final Request what;
  private final Runnable news;
  private final org.eclipse.jetty.client.Request request;
  private final CountDownLatch over = new CountDownLatch(1);

  private volatile @Nullable Sending sending;
  private volatile boolean committed;
  private volatile @Nullable Answer answer;
  private volatile @Nullable Throwable failure;
  private volatile boolean aborted;

  /** Whether word was asked for that more has come, and is not there yet. */
  private volatile boolean demanded;

  /** Leaves no thread waiting, so none need take over from the one that runs it. */
  private final Invocable.Task arrival =
      Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::arrived);

  /** A connection that is not kept. */
  private volatile @Nullable Connection own;

  // whoever runs the exchange
  private Content.@Nullable Chunk chunk;
  private boolean ended;

  /** How a connection was when the request met it. */
  private record Sending(
      org.eclipse.jetty.io.Connection connection, long receivedBytes, long atNanos) {}

  private record Answer(Response response, Content.Source source) {}

  Attempt(HttpClient client, Request what, Runnable news) {
    this.client = client;
    this.what = what;
    this.news = news;
    request =
        client
            .request(what)
            .onRequestBegin(this::begun)
            .onRequestCommit(this::committed)
            .onResponseContentSource(this::answered)
            .onResponseFailure(this::broken);
  }

  /** Another attempt at the same. */
  Attempt again() {
    return new Attempt(client, what, news);
  }

  void send() {
    request.send(this::completed);
  }

  /** Sends on a new connection that serves nobody else. */
  void sendAnew() {
    CompletableFuture<?> _ =
        client
            .connect()
            .handle(
                (connection, broken) -> {
                  if (connection == null) {
                    failed(broken.getCause() == null ? broken : broken.getCause());
                  } else {
                    sendOn(connection);
                  }
                  return connection;
                });
  }

  private void sendOn(Connection connection) {
    own = connection;
    if (aborted) {
      // whoever gives it up has either seen the connection or is seen here
      connection.close();
    } else {
      connection.send(request, this::completed);
    }
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
    tell();
  }

  private void arrived() {
    demanded = false;
    tell();
  }

  private void failed(Throwable broken) {
    failure = broken;
    tell();
  }

  /** There may be news. */
  void tell() {
    news.run();
  }

  /** Told while the connection is still as it was when the answer broke. */
  private void broken(Response response, Throwable broken) {
    Sending met = sending;
    boolean isOpen = met != null && !met.connection.getEndPoint().isInputShutdown();
    // of a body that breaks the rules Jetty says that it ended early; a broken write is a subclass
    failed(isOpen && broken.getClass() == EOFException.class ? malformed() : broken);
  }

  private void completed(Result result) {
    if (result.isFailed() && failure == null) {
      failed(result.getFailure());
    }
    over.countDown();
  }

  /** Gives it up, from any thread. */
  void abort() {
    aborted = true;
    giveUp("cancelled");
    tell();
  }

  private void giveUp(String why) {
    // whether it was still running makes no difference
    CompletableFuture<Boolean> _ = request.abort(new IOException(why));
  }

  // ---- whoever runs the exchange

  /** The head of the answer; null while it is not there. */
  @Nullable ResponseHead head() throws IOException {
    Answer come = answer;
    if (come == null) {
      checkFailure();
      return null;
    }
    return ResponseHead.of(come.response);
  }

  /** See {@link Exchange#poll}. */
  int poll(Exchange.Taker taker) throws IOException {
    while (!ended) {
      Content.Chunk next = next();
      if (next == null) {
        return 0;
      }
      int count = give(next, taker);
      ended = next.isLast();
      next.release();
      chunk = null;
      if (count > 0) {
        return count;
      }
    }
    return -1;
  }

  /** What is there; null if nothing is, and then word will come. */
  private Content.@Nullable Chunk next() throws IOException {
    if (chunk == null && !demanded) {
      chunk = source().read();
    }
    if (chunk == null) {
      checkFailure();
      demand();
    } else if (Content.Chunk.isFailure(chunk)) {
      checkFailure(); // for the reason, which may be told a moment later
      return null;
    }
    return chunk;
  }

  private void demand() {
    if (!demanded) {
      demanded = true;
      source().demand(arrival);
    }
  }

  private static int give(Content.Chunk chunk, Exchange.Taker taker) {
    ByteBuffer bytes = chunk.getByteBuffer();
    int count = bytes.remaining();
    if (bytes.hasArray()) {
      taker.take(bytes.array(), bytes.arrayOffset() + bytes.position(), count);
    } else {
      byte[] copy = new byte[count];
      bytes.get(copy);
      taker.take(copy, 0, count);
    }
    return count;
  }

  private Content.Source source() {
    Answer come = answer;
    if (come == null) {
      throw new IllegalStateException("body: none (expected: after the head)");
    }
    return come.source;
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

  /** Closes the connection if the answer is not over. */
  void close() {
    if (!ended) {
      aborted = true;
      giveUp("closed");
    }
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
    Connection unkept = own;
    if (unkept != null) {
      unkept.close();
    }
  }

  /** Waits until a whole answer's connection was given back. */
  void awaitRelease(long most, TimeUnit unit) throws InterruptedException {
    if (ended) {
      boolean _ = over.await(most, unit);
    }
  }
}
