package dev.sluice.gateway.transport;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.time.NanoClock;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Generate} call: reads the request when the caller has said all, then writes what the
 * gateway makes of it.
 *
 * <p>Runs on the event loop that owns the connection. Writing is done by one thread at a time, as
 * the port of {@link InboundCall} promises, and gRPC hands what other threads write over to the
 * loop.
 */
final class GenerateCall extends ServerCall.Listener<RequestMessage> implements InboundCall {

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

  GenerateCall(
      ServerCall<RequestMessage, byte[]> call, Metadata metadata, Surroundings surroundings) {
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

  // ---- from the caller

  @Override
  public void onMessage(RequestMessage message) {
    this.message = message;
  }

  @Override
  public void onHalfClose() {
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
      throw UnreadableException.malformed("message: none (expected: one GenerateRequest)");
    }
    byte[] bytes = message.bytes();
    if (bytes == null) {
      throw new UnreadableException(
          Reason.MESSAGE_TOO_LARGE,
          "message: too large (expected: at most " + surroundings.mostBytes() + " bytes)");
    }
    return surroundings
        .reader()
        .read(
            bytes,
            new Headers.OfMetadata(metadata),
            new InferenceRequest.Timing(arrivalNanos, deadlineNanos));
  }

  @Override
  public void onCancel() {
    cancelled = true;
    Runnable listener = onCancelled;
    if (listener != null) {
      listener.run();
    }
  }

  @Override
  public void onReady() {
    Runnable listener = onReady;
    if (listener != null) {
      listener.run();
    }
  }

  @Override
  public void listen(Runnable onReady, Runnable onCancelled) {
    this.onReady = onReady;
    this.onCancelled = onCancelled;
    if (cancelled) {
      onCancelled.run(); // it may have happened before anybody listened
    }
  }

  // ---- to the caller

  @Override
  public InferenceRequest request() {
    return Objects.requireNonNull(understood).request();
  }

  @Override
  public Payload payload() {
    return Objects.requireNonNull(understood).payload();
  }

  @Override
  public void admitted(Assignment assignment) {
    Metadata headers = new Metadata();
    long askedNanos = request().budget().totalNanos();
    if (askedNanos > assignment.budget().totalNanos()) {
      headers.put(EFFECTIVE_BUDGET, Long.toString(assignment.budget().totalNanos() / 1_000_000));
    }
    sendHeaders(headers);
    send(ResponseWriter.admitted(request(), assignment));
  }

  @Override
  public void tokens(int index, int count, String text, List<Integer> ids) {
    send(ResponseWriter.tokens(index, count, text, ids));
  }

  @Override
  public void encodedTokens(byte[] response) {
    send(response);
  }

  @Override
  public void finished(RequestRecord account) {
    if (account.outcome() instanceof RequestRecord.Completed completed) {
      send(ResponseWriter.finished(account, completed, Objects.requireNonNull(account.route())));
      close(Status.OK, new Metadata());
    }
  }

  @Override
  public void failed(Failure failure, int tokensDelivered) {
    close(Statuses.status(failure), Statuses.trailers(failure, tokensDelivered));
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  private void sendHeaders(Metadata headers) {
    if (!headersSent && !cancelled) {
      headersSent = true;
      call.sendHeaders(headers);
    }
  }

  private void send(byte[] response) {
    if (!closed && !cancelled) {
      call.sendMessage(response);
    }
  }

  private void close(Status status, Metadata trailers) {
    if (!closed && !cancelled) {
      closed = true;
      call.close(status, trailers);
    }
  }
}
