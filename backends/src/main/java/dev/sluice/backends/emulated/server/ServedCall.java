package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
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
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One call for work: reads the request on the event loop, has the backend start on it, and writes
 * what that says, on the backend's thread.
 */
abstract class ServedCall extends ServerCall.Listener<byte[]> implements TokenSink, Wire {

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
  private Ledger.@Nullable Entry entry;
  private volatile @Nullable BackendCall running;
  private volatile boolean cancelled;

  /** Chunks that were sent, the sink's calls only. */
  private int delivered;

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

  ServedCall(ServerCall<byte[], byte[]> call, Surroundings surroundings) {
    this.call = call;
    this.surroundings = surroundings;
    deadline = Context.current().getDeadline();
    arrivalNanos = surroundings.nanoClock().getAsLong();
    call.request(2); // one message, and notice of a second, which replaces it
  }

  // ---- what is asked

  /**
   * Reads the request.
   *
   * @param timeoutNanos what is left until the call's deadline; 0 for none
   * @return the caller's id of it
   */
  abstract String understand(byte[] bytes, long timeoutNanos) throws RefusedException;

  /** Has {@code backend} start on the request that was read. */
  abstract BackendCall ask(Backend backend, TokenSink sink);

  /** How many characters of text the token of an index has. */
  abstract IntUnaryOperator characters(Mischief mischief);

  // ---- from the caller, on the event loop

  @Override
  public final void onMessage(byte[] message) {
    this.message = message;
  }

  @Override
  public final void onHalfClose() {
    String requestId;
    try {
      requestId = read();
    } catch (RefusedException e) {
      entry = surroundings.books().ledger().open("");
      refuse(e.refusal());
      return;
    }
    message = null;
    entry = surroundings.books().ledger().open(requestId);
    Mischief mischief = surroundings.books().mischief();
    switch (surroundings.books().misconduct().of(requestId)) {
      case Misconduct.Treatment.Served _ -> start(this);
      case Misconduct.Treatment.Failed(List<Misbehaviour> ways) ->
          start(mischief.answer(ways, this, characters(mischief)));
      case Misconduct.Treatment.Refused(Refusal refusal) -> refuse(refusal);
      case Misconduct.Treatment.Ignored _ -> {
        // the caller waits until its patience ends, see onCancel
      }
    }
  }

  private void start(TokenSink sink) {
    running = ask(surroundings.backend(), sink);
    pull();
  }

  private String read() throws RefusedException {
    byte[] bytes = message;
    if (bytes == null) {
      throw new RefusedException(Refusal.malformed("message: none (expected: one request)"));
    }
    if (surroundings.draining().getAsBoolean()) {
      throw new RefusedException(
          Refusal.of(Status.Code.UNAVAILABLE, "DRAINING", "this accelerator is shutting down"));
    }
    return understand(
        bytes, deadline == null ? 0 : Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
  }

  @Override
  public final void onReady() {
    pull();
  }

  @Override
  public final void onCancel() {
    cancelled = true;
    Ledger.Entry booked = entry;
    if (booked != null) {
      booked.cancelled();
    }
    stopBackend();
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
  public final void tokens(TokenChunk chunk) {
    send(chunk);
    chunkLeft();
  }

  @Override
  public final void finished(Completion completion) {
    finish(completion);
  }

  @Override
  public final void failed(BackendFailure failure) {
    refuse(Refusal.of(failure, delivered));
  }

  // ---- to the caller

  @Override
  public final boolean isOpen() {
    return !cancelled;
  }

  @Override
  public void sendRaw(byte[] bytes) {
    if (!cancelled) {
      call.sendMessage(bytes);
    }
  }

  @Override
  public final void chunkLeft() {
    if (underWay.decrementAndGet() == 0) {
      pull();
    }
  }

  @Override
  public final void end(Refusal refusal) {
    stopBackend();
    refuse(refusal);
  }

  @Override
  public final void endWithoutAccount() {
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

  private void refuse(Refusal refusal) {
    if (cancelled) {
      return;
    }
    if (hasBegun() || refusal.isBreak()) {
      booked().failed();
    } else {
      booked().refused();
    }
    call.close(refusal.status(), refusal.trailers());
  }

  // ---- for the kinds of calls

  /** Whether the caller has been told anything. */
  abstract boolean hasBegun();

  final void sendHeaders() {
    call.sendHeaders(new Metadata());
  }

  /** Books a chunk that is about to be sent. */
  final void books(TokenChunk chunk) {
    delivered += chunk.count();
    if (!cancelled) {
      booked().sends(chunk.index(), chunk.count());
    }
  }

  /** Tokens that were sent. */
  final int delivered() {
    return delivered;
  }

  /** Sends the last message of an answer that is whole, if there is one, and ends well. */
  final void complete(byte @Nullable [] last) {
    booked().completed();
    if (last != null) {
      call.sendMessage(last);
    }
    call.close(Status.OK, new Metadata());
  }

  final AcceleratorServer.Served served() {
    return surroundings.served();
  }

  final RequestReader reader() {
    return surroundings.reader();
  }

  final long nowNanos() {
    return surroundings.nanoClock().getAsLong();
  }

  /** When the call came. */
  final long arrivalNanos() {
    return arrivalNanos;
  }

  private Ledger.Entry booked() {
    return Objects.requireNonNull(entry);
  }
}
