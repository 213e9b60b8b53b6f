package dev.sluice.backends.openai.http;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, waited for by nobody: whatever comes is told of, and taken by whoever
 * is told. For one thread at a time, but for {@link #cancel}.
 */
public final class Exchange implements AutoCloseable {

  private final HttpClient client;
  private volatile @Nullable Attempt attempt;
  private volatile boolean cancelled;
  private @Nullable Attempt first;
  private Scheduler.@Nullable Task wake;

  Exchange(HttpClient client) {
    this.client = client;
  }

  /** Takes bytes, which are only good for the length of the call. */
  @FunctionalInterface
  public interface Taker {
    /** Takes the next {@code length} bytes, from {@code offset} on. */
    void take(byte[] bytes, int offset, int length);
  }

  /**
   * Sends {@code request}. A connection that turns out to have been closed by the server since its
   * last exchange is replaced by a new one, once.
   *
   * @param news is run when there may be more to take, or a failure, on any thread; it must not
   *     wait
   */
  public void begin(Request request, Runnable news) {
    Attempt begun = new Attempt(client, request, news);
    first = begun;
    attempt = begun;
    if (cancelled) {
      // whoever cancels has either seen the attempt or is seen here
      begun.abort();
    } else {
      begun.send();
    }
  }

  /**
   * The head of the answer; null while it is not there.
   *
   * @throws NeverSentException if the server could not be reached
   * @throws IOException if the answer does not come or is malformed
   */
  public @Nullable ResponseHead head() throws IOException {
    Attempt current = current();
    try {
      return current.head();
    } catch (IOException e) {
      if (cancelled || current != first || !current.wasTooLate()) {
        throw e;
      }
    }
    Attempt second = current.again();
    attempt = second;
    if (cancelled) {
      second.abort();
    } else {
      second.sendAnew();
    }
    return null;
  }

  /**
   * Gives the next bytes of the body to {@code taker}, if there are any.
   *
   * @return how many; 0 while there are none; -1 at the end of the body
   * @throws IOException if the answer breaks off or is malformed
   */
  public int poll(Taker taker) throws IOException {
    return current().poll(taker);
  }

  /** Tells of news after {@code nanos}, whether there are any or not; counts once at a time. */
  public void wakeAfter(long nanos) {
    forgetWake();
    wake = client.after(nanos, current()::tell);
  }

  private void forgetWake() {
    if (wake != null) {
      wake.cancel();
      wake = null;
    }
  }

  private Attempt current() {
    Attempt current = attempt;
    if (current == null) {
      throw new IllegalStateException("exchange: not begun (expected: begin first)");
    }
    return current;
  }

  /** Gives the exchange up, from any thread, which is news too. */
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
    forgetWake();
    Attempt last = attempt;
    if (last != null) {
      last.close();
    }
  }

  /** Waits until the connection has gone back to the others; it takes microseconds. */
  void awaitRelease(long mostMillis) throws InterruptedException {
    Attempt last = attempt;
    if (last != null) {
      last.awaitRelease(mostMillis, TimeUnit.MILLISECONDS);
    }
  }
}
