package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.emulated.fault.Misbehaviour;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.List;
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
final class GenerateCall extends ServerCall.Listener<byte[]> implements TokenSink, Wire {

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
  private Ledger.@Nullable Entry entry;
  private volatile @Nullable BackendCall running;
  private volatile boolean cancelled;

  // the sink's calls only
  private int delivered;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private boolean begun;

  /** What all calls share. */
  record Surroundings(
      AcceleratorServer.Served served,
      Backend backend,
      RequestReader reader,
      LongSupplier nanoClock,
      BooleanSupplier draining,
      Books books) {}

  /** What is kept of calls, and done to them. */
  record Books(Ledger ledger, Misconduct misconduct, Mischief mischief) {}

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
      entry = surroundings.books().ledger().open("");
      refuse(e.refusal());
      return;
    }
    message = null;
    generation = read;
    entry = surroundings.books().ledger().open(read.requestId());
    switch (surroundings.books().misconduct().of(read.requestId())) {
      case Misconduct.Treatment.Served _ -> start(read, this);
      case Misconduct.Treatment.Failed(List<Misbehaviour> ways) ->
          start(read, surroundings.books().mischief().answer(ways, this, read));
      case Misconduct.Treatment.Refused(Refusal refusal) -> refuse(refusal);
      case Misconduct.Treatment.Ignored _ -> {
        // the caller waits until its patience ends, see onCancel
      }
    }
  }

  private void start(Generation read, TokenSink sink) {
    running = surroundings.backend().start(read, sink);
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
    Ledger.Entry booked = entry;
    if (booked != null) {
      booked.cancelled();
    }
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
    send(chunk);
    chunkLeft();
  }

  @Override
  public void finished(Completion completion) {
    finish(completion);
  }

  @Override
  public void failed(BackendFailure failure) {
    refuse(Refusal.of(failure, delivered));
  }

  // ---- to the caller

  @Override
  public boolean isOpen() {
    return !cancelled;
  }

  @Override
  public void begin() {
    if (!begun && !cancelled) {
      begun = true;
      call.sendHeaders(new Metadata());
      call.sendMessage(ResponseWriter.admitted(started().requestId(), surroundings.served()));
    }
  }

  @Override
  public void send(TokenChunk chunk) {
    lastTokenNanos = surroundings.nanoClock().getAsLong();
    if (delivered == 0) {
      firstTokenNanos = lastTokenNanos;
      begin();
    }
    delivered += chunk.count();
    if (!cancelled) {
      booked().sends(chunk.index(), chunk.count());
      call.sendMessage(ResponseWriter.tokens(chunk));
    }
  }

  @Override
  public void sendRaw(byte[] bytes) {
    if (!cancelled) {
      call.sendMessage(bytes);
    }
  }

  @Override
  public void chunkLeft() {
    if (underWay.decrementAndGet() == 0) {
      pull();
    }
  }

  @Override
  public void finish(Completion completion) {
    if (delivered == 0) {
      firstTokenNanos = surroundings.nanoClock().getAsLong();
      lastTokenNanos = firstTokenNanos;
      begin();
    }
    if (!cancelled) {
      booked().completed();
      call.sendMessage(
          ResponseWriter.finished(completion, times(), started().terms(), surroundings.served()));
      call.close(Status.OK, new Metadata());
    }
  }

  @Override
  public void end(Refusal refusal) {
    stopBackend();
    refuse(refusal);
  }

  @Override
  public void endWithoutAccount() {
    stopBackend();
    begin();
    if (!cancelled) {
      booked().failed();
      call.close(Status.OK, new Metadata());
    }
  }

  private void stopBackend() {
    BackendCall started = running;
    if (started != null) {
      started.cancel();
    }
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

  private Ledger.Entry booked() {
    return Objects.requireNonNull(entry);
  }

  private void refuse(Refusal refusal) {
    if (cancelled) {
      return;
    }
    if (begun || refusal.isBreak()) {
      booked().failed();
    } else {
      booked().refused();
    }
    call.close(refusal.status(), refusal.trailers());
  }
}
