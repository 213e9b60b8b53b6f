package dev.sluice.gateway.transport;

import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.time.NanoClock;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call of gRPC that makes one request: reads it when the caller has said all, then is written
 * to by what the gateway makes of it.
 *
 * <p>Runs on the event loop that owns the connection. Writing is done by one thread at a time, as
 * the port of {@link InboundCall} promises, and gRPC hands what other threads write over to the
 * loop.
 */
public abstract class RequestCall extends ServerCall.Listener<RequestMessage>
    implements InboundCall {

  private final ServerCall<RequestMessage, byte[]> call;
  private final Metadata metadata;
  private final Surroundings surroundings;
  private final long arrivalNanos;
  private final long deadlineNanos;

  private @Nullable RequestMessage message;
  private Requests.@Nullable Understood understood;
  private boolean headersSent;
  private volatile boolean closed;
  private volatile boolean cancelled;
  private volatile @Nullable Runnable onReady;
  private volatile @Nullable Runnable onCancelled;

  /**
   * What all calls share.
   *
   * @param handler takes charge of what was read
   * @param clock the time
   * @param mostBytes of a message
   */
  public record Surroundings(CallHandler handler, NanoClock clock, int mostBytes) {}

  /** A call that begins now. */
  protected RequestCall(
      ServerCall<RequestMessage, byte[]> call, Metadata metadata, Surroundings surroundings) {
    this.call = call;
    this.metadata = metadata;
    this.surroundings = surroundings;
    arrivalNanos = surroundings.clock().nanoTime();
    deadlineNanos = deadlineNanos(arrivalNanos);
    call.request(2); // one message, and notice of a second, which would be an error
  }

  /** When the call that is being handled ends at the latest, if it arrived at that instant. */
  public static long deadlineNanos(long arrivalNanos) {
    Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? Long.MAX_VALUE
        : arrivalNanos + deadline.timeRemaining(TimeUnit.NANOSECONDS);
  }

  /** What {@code message} asks for. */
  protected abstract Requests.Understood read(
      byte[] message, Headers headers, InferenceRequest.Timing timing) throws UnreadableException;

  // ---- from the caller

  @Override
  public final void onMessage(RequestMessage message) {
    this.message = message;
  }

  @Override
  public final void onHalfClose() {
    try {
      if (message == null) {
        throw UnreadableException.malformed("message: none (expected: one)");
      }
      understood =
          read(
              message.within(surroundings.mostBytes()),
              new Headers.OfMetadata(metadata),
              new InferenceRequest.Timing(arrivalNanos, deadlineNanos));
    } catch (UnreadableException e) {
      surroundings.handler().unreadable(e.failure(), arrivalNanos);
      failed(e.failure(), 0);
      return;
    } finally {
      message = null;
    }
    surroundings.handler().handle(this);
  }

  @Override
  public final void onCancel() {
    cancelled = true;
    Runnable listener = onCancelled;
    if (listener != null) {
      listener.run();
    }
  }

  @Override
  public final void onReady() {
    Runnable listener = onReady;
    if (listener != null) {
      listener.run();
    }
  }

  @Override
  public final void listen(Runnable onReady, Runnable onCancelled) {
    this.onReady = onReady;
    this.onCancelled = onCancelled;
    if (cancelled) {
      onCancelled.run(); // it may have happened before anybody listened
    }
  }

  @Override
  public final InferenceRequest request() {
    return Objects.requireNonNull(understood).request();
  }

  @Override
  public final Payload payload() {
    return Objects.requireNonNull(understood).payload();
  }

  /** The instant of arrival. */
  protected final long arrivalNanos() {
    return arrivalNanos;
  }

  // ---- to the caller

  @Override
  public final void failed(Failure failure, int tokensDelivered) {
    close(Statuses.status(failure), Statuses.trailers(failure, tokensDelivered));
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  /** Sends the headers, if they have not been sent. */
  protected final void sendHeaders(Metadata headers) {
    if (!headersSent && !cancelled) {
      headersSent = true;
      call.sendHeaders(headers);
    }
  }

  /** Sends an encoded message, after the headers. */
  protected final void send(byte[] response) {
    if (!closed && !cancelled) {
      call.sendMessage(response);
    }
  }

  /** Ends the call well. */
  protected final void complete() {
    close(Status.OK, new Metadata());
  }

  private void close(Status status, Metadata trailers) {
    if (!closed && !cancelled) {
      closed = true;
      call.close(status, trailers);
    }
  }
}
