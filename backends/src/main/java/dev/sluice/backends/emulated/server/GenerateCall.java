package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Generate} call: reads the request on the event loop, then writes what the backend
 * says, on the backend's thread.
 *
 * <p>Headers and Admitted leave with the first token: one packet and one wake-up fewer on both
 * sides, and a refusal needs neither.
 */
final class GenerateCall extends ServerCall.Listener<byte[]> implements TokenSink {

  /**
   * Chunks asked of the backend at once. More would save nothing; times a chunk's few hundred bytes
   * it is what a slow reader can make us hold beyond gRPC's own buffer.
   */
  private static final int WINDOW = 32;

  private final ServerCall<byte[], byte[]> call;
  private final Surroundings surroundings;
  private final @Nullable Deadline deadline;
  private final long arrivalNanos;

  /** Chunks asked for and not yet delivered. */
  private final AtomicInteger underWay = new AtomicInteger();

  private byte @Nullable [] message;
  private @Nullable Generation generation;
  private volatile @Nullable BackendCall running;
  private volatile boolean cancelled;

  // the sink's calls only
  private int delivered;
  private long firstTokenNanos;
  private long lastTokenNanos;

  /** What all calls share. */
  record Surroundings(
      AcceleratorServer.Served served,
      Backend backend,
      RequestReader reader,
      LongSupplier nanoClock,
      BooleanSupplier draining) {}

  GenerateCall(ServerCall<byte[], byte[]> call, Surroundings surroundings) {
    this.call = call;
    this.surroundings = surroundings;
    deadline = Context.current().getDeadline();
    arrivalNanos = surroundings.nanoClock().getAsLong();
    call.request(2); // one message, and notice of a second, which replaces it
  }

  // ---- from the caller, on the event loop

  @Override
  public void onMessage(byte[] message) {
    this.message = message;
  }

  @Override
  public void onHalfClose() {
    Generation read;
    try {
      read = read();
    } catch (RefusedException e) {
      refuse(e.refusal());
      return;
    }
    message = null;
    generation = read;
    running = surroundings.backend().start(read, this);
    pull();
  }

  private Generation read() throws RefusedException {
    byte[] bytes = message;
    if (bytes == null) {
      throw new RefusedException(
          Refusal.malformed("message: none (expected: one GenerateRequest)"));
    }
    if (surroundings.draining().getAsBoolean()) {
      throw new RefusedException(
          Refusal.of(Status.Code.UNAVAILABLE, "DRAINING", "this accelerator is shutting down"));
    }
    long timeoutNanos =
        deadline == null ? 0 : Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    return surroundings.reader().read(bytes, timeoutNanos);
  }

  @Override
  public void onReady() {
    pull();
  }

  @Override
  public void onCancel() {
    cancelled = true;
    BackendCall started = running;
    if (started != null) {
      started.cancel();
    }
  }

  /** Asks for the next window if the last one came in full and the caller reads. */
  private void pull() {
    BackendCall started = running;
    if (started != null && call.isReady() && underWay.compareAndSet(0, WINDOW)) {
      started.request(WINDOW);
    }
  }

  // ---- from the backend, one after the other

  @Override
  public void tokens(TokenChunk chunk) {
    lastTokenNanos = surroundings.nanoClock().getAsLong();
    if (delivered == 0) {
      firstTokenNanos = lastTokenNanos;
      begin();
    }
    delivered += chunk.count();
    send(ResponseWriter.tokens(chunk));
    if (underWay.decrementAndGet() == 0) {
      pull();
    }
  }

  @Override
  public void finished(Completion completion) {
    if (delivered == 0) {
      firstTokenNanos = surroundings.nanoClock().getAsLong();
      lastTokenNanos = firstTokenNanos;
      begin();
    }
    send(ResponseWriter.finished(completion, times(), started().terms(), surroundings.served()));
    close(Status.OK, new Metadata());
  }

  @Override
  public void failed(BackendFailure failure) {
    refuse(Refusal.of(failure, delivered));
  }

  private ResponseWriter.Times times() {
    long streamedNanos = lastTokenNanos - firstTokenNanos;
    return new ResponseWriter.Times(
        firstTokenNanos - arrivalNanos,
        delivered > 1 ? streamedNanos / (delivered - 1) : 0,
        lastTokenNanos - arrivalNanos);
  }

  private Generation started() {
    return Objects.requireNonNull(generation);
  }

  private void begin() {
    if (!cancelled) {
      call.sendHeaders(new Metadata());
      send(ResponseWriter.admitted(started().requestId(), surroundings.served()));
    }
  }

  private void send(byte[] response) {
    if (!cancelled) {
      call.sendMessage(response);
    }
  }

  private void refuse(Refusal refusal) {
    close(refusal.status(), refusal.trailers());
  }

  private void close(Status status, Metadata trailers) {
    if (!cancelled) {
      call.close(status, trailers);
    }
  }
}
