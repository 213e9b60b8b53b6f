package dev.sluice.gateway.transport;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
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
 * One call for work: reads the request when the caller has said all; what the gateway makes of it
 * is written by the kind of call.
 *
 * <p>Runs on the event loop that owns the connection. Writing is done by one thread at a time, as
 * the port of {@link InboundCall} promises, and gRPC hands what other threads write over to the
 * loop.
 */
abstract class WorkCall extends ServerCall.Listener<RequestMessage> implements InboundCall {

  private static final Metadata.Key<String> EFFECTIVE_BUDGET =
      Metadata.Key.of("x-effective-budget-ms", Metadata.ASCII_STRING_MARSHALLER);

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

  /** What all calls share. */
  record Surroundings(CallHandler handler, RequestReader reader, NanoClock clock, int mostBytes) {}

  WorkCall(ServerCall<RequestMessage, byte[]> call, Metadata metadata, Surroundings surroundings) {
    this.call = call;
    this.metadata = metadata;
    this.surroundings = surroundings;
    arrivalNanos = surroundings.clock().nanoTime();
    Deadline deadline = Context.current().getDeadline();
    deadlineNanos =
        deadline == null
            ? Long.MAX_VALUE
            : arrivalNanos + deadline.timeRemaining(TimeUnit.NANOSECONDS);
    call.request(2); // one message, and notice of a second, which would be an error
  }

  /** Reads the one message of the request. */
  abstract Requests.Understood read(
      RequestReader reader, byte[] message, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException;

  // ---- from the caller

  @Override
  public final void onMessage(RequestMessage message) {
    this.message = message;
  }

  @Override
  public final void onHalfClose() {
    try {
      understood = read(message);
    } catch (UnreadableException e) {
      surroundings.handler().unreadable(e.failure(), arrivalNanos);
      failed(e.failure(), 0);
      return;
    } finally {
      message = null;
    }
    surroundings.handler().handle(this);
  }

  private Requests.Understood read(@Nullable RequestMessage message) throws UnreadableException {
    if (message == null) {
      throw UnreadableException.malformed("message: none (expected: one request)");
    }
    byte[] bytes = message.bytes();
    if (bytes == null) {
      throw new UnreadableException(
          Reason.MESSAGE_TOO_LARGE,
          "message: too large (expected: at most " + surroundings.mostBytes() + " bytes)");
    }
    return read(
        surroundings.reader(),
        bytes,
        new Headers.OfMetadata(metadata),
        new InferenceRequest.Timing(arrivalNanos, deadlineNanos));
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

  // ---- to the caller

  @Override
  public final InferenceRequest request() {
    return Objects.requireNonNull(understood).request();
  }

  @Override
  public final Payload payload() {
    return Objects.requireNonNull(understood).payload();
  }

  @Override
  public final void failed(Failure failure, int tokensDelivered) {
    close(Statuses.status(failure), Statuses.trailers(failure, tokensDelivered));
  }

  @Override
  public final boolean isReady() {
    return call.isReady();
  }

  /** Sends what comes before the first message; says which total holds if not the one asked for. */
  final void sendHeaders(Assignment assignment) {
    if (!headersSent && !cancelled) {
      headersSent = true;
      Metadata headers = new Metadata();
      long askedNanos = request().budget().totalNanos();
      if (askedNanos > assignment.budget().totalNanos()) {
        headers.put(EFFECTIVE_BUDGET, Long.toString(assignment.budget().totalNanos() / 1_000_000));
      }
      call.sendHeaders(headers);
    }
  }

  final void send(byte[] response) {
    if (!closed && !cancelled) {
      call.sendMessage(response);
    }
  }

  /** Ends the call well. */
  final void complete() {
    close(Status.OK, new Metadata());
  }

  private void close(Status status, Metadata trailers) {
    if (!closed && !cancelled) {
      closed = true;
      call.close(status, trailers);
    }
  }
}
