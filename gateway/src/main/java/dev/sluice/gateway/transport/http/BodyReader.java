package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.time.NanoClock;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request as it comes, up to a limit of size and within limits of time: what
 * takes more than {@link Limits#graceNanos} must have come at {@link Limits#leastBytesPerSecond}.
 */
final class BodyReader implements Runnable {

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Request request;
  private final Limits limits;
  private final NanoClock clock;
  private final Listener listener;
  private final long begunNanos;
  private byte[] bytes;
  private volatile int length;
  private volatile boolean tooSlow;
  private boolean ended;
  private Scheduler.@Nullable Task timer;

  /**
   * How large a body may be and how slow.
   *
   * @param mostBytes largest body
   * @param graceNanos time in which any body may take its time
   * @param leastBytesPerSecond what one that takes longer must come at, on average
   */
  record Limits(int mostBytes, long graceNanos, long leastBytesPerSecond) {}

  /** Hears of the one end. */
  interface Listener {
    /** The body is whole. */
    void whole(byte[] body);

    /** It is larger than allowed; the rest was not read. */
    void tooLarge();

    /** It came too slowly. */
    void tooSlow();

    /** The caller went away, or broke the protocol. */
    void broken(Throwable cause);
  }

  BodyReader(Request request, Limits limits, NanoClock clock, Listener listener) {
    this.request = request;
    this.limits = limits;
    this.clock = clock;
    this.listener = listener;
    begunNanos = clock.nanoTime();
    long said = request.getHeaders().getLongField("content-length");
    bytes = new byte[said > 0 && said <= limits.mostBytes ? (int) said : 0];
  }

  /** Begins to read. */
  void begin() {
    if (request.getHeaders().getLongField("content-length") > limits.mostBytes) {
      listener.tooLarge();
    } else {
      run();
    }
  }

  /** Reads what is there, and comes back when there is more. */
  @Override
  public void run() {
    while (!ended) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        watchPace();
        request.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        failed(chunk.getFailure());
        return;
      }
      boolean fits = take(chunk.getByteBuffer());
      boolean last = chunk.isLast();
      chunk.release();
      if (!fits) {
        end();
        listener.tooLarge();
      } else if (last) {
        end();
        listener.whole(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
      }
    }
  }

  private void failed(Throwable cause) {
    end();
    if (tooSlow || cause instanceof TimeoutException) {
      listener.tooSlow();
    } else {
      listener.broken(cause);
    }
  }

  private void end() {
    ended = true;
    Scheduler.Task pending = timer;
    if (pending != null) {
      pending.cancel();
    }
  }

  private boolean take(ByteBuffer buffer) {
    int before = length;
    int count = buffer.remaining();
    if (count > limits.mostBytes - before) {
      return false;
    }
    int after = before + count;
    if (after > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(limits.mostBytes, Math.max(after, 2 * bytes.length)));
    }
    buffer.get(bytes, before, count);
    length = after;
    return true;
  }

  /** Most bodies are there at once and never need a timer. */
  private void watchPace() {
    if (timer == null) {
      timer = again(limits.graceNanos);
    }
  }

  private Scheduler.Task again(long nanos) {
    return request
        .getComponents()
        .getScheduler()
        .schedule(this::checkPace, nanos, TimeUnit.NANOSECONDS);
  }

  private void checkPace() {
    double seconds = (clock.nanoTime() - begunNanos) / (double) NANOS_PER_SECOND;
    if (length < limits.leastBytesPerSecond * seconds) {
      tooSlow = true;
      listener.tooSlow();
    } else if (!tooSlow) {
      timer = again(NANOS_PER_SECOND);
    }
  }
}
