package dev.sluice.backends.openai.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * An exchange for a thread that waits for it. Everything but {@link #cancel} is for that thread.
 */
public final class BlockingExchange implements AutoCloseable {

  /** How long to wait for the connection, without which the next exchange opens one more. */
  private static final long RELEASE_MILLIS = 100;

  private final Exchange exchange;

  /** One permit or more when something has come. */
  private final Semaphore news = new Semaphore(0);

  private int silenceMillis;

  BlockingExchange(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Sends {@code request} and waits for the head of its answer, as {@link Exchange#begin} and
   * {@link Exchange#head} do.
   *
   * @param silenceMillis longest silence that is borne, here and in reads; 0: any
   */
  public ResponseHead send(Request request, int silenceMillis) throws IOException {
    this.silenceMillis = silenceMillis;
    exchange.begin(request, news::release);
    ResponseHead head = exchange.head();
    while (head == null) {
      await();
      head = exchange.head();
    }
    return head;
  }

  /** Gives the next bytes of the body, at least one, and returns how many; -1 at its end. */
  public int read(Exchange.Taker taker) throws IOException {
    int count = exchange.poll(taker);
    while (count == 0) {
      await();
      count = exchange.poll(taker);
    }
    return count;
  }

  private void await() throws IOException {
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

  /** Gives the exchange up, from any thread; a thread that waits in it fails. */
  public void cancel() {
    exchange.cancel();
  }

  /** Leaves the connection to another exchange if this one is over, else closes it. */
  @Override
  public void close() {
    exchange.close();
    try {
      exchange.awaitRelease(RELEASE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
