package dev.sluice.gateway.transport.oip;

import dev.sluice.gateway.call.SerialQueue;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.transport.Headers;
import dev.sluice.gateway.transport.RequestCall;
import dev.sluice.gateway.transport.RequestMessage;
import dev.sluice.gateway.transport.Statuses;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.ModelInferRequest;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code ModelStreamInfer} call: any number of requests, whose answers share it.
 *
 * <p>Requests are read on the event loop. Answers come from several threads at once; what is
 * written passes through one queue, whose thread of the moment writes. With as many requests open
 * as there may be, the next is not read before one is over, so that HTTP/2 holds the caller back.
 */
final class StreamCall extends ServerCall.Listener<RequestMessage> {

  /** Requests that may be open at once. */
  static final int MOST_OPEN = 256;

  private static final Logger LOG = LoggerFactory.getLogger(StreamCall.class);

  /** Triton's word for: end the stream with the status of the first error. */
  private static final Metadata.Key<String> STATUS_OF_ERROR =
      Metadata.Key.of("triton_grpc_error", Metadata.ASCII_STRING_MARSHALLER);

  private final ServerCall<RequestMessage, byte[]> call;
  private final Headers headers;
  private final RequestCall.Surroundings surroundings;
  private final InferReader reader;
  private final boolean endsWithError;
  private final SerialQueue writes = new SerialQueue(this::bug);
  private final Set<StreamedRequest> open = ConcurrentHashMap.newKeySet();

  /** Whether a message is asked for; whoever turns it on asks. */
  private final AtomicBoolean reading = new AtomicBoolean();

  private volatile boolean saidAll;
  private volatile boolean cancelled;

  // changed in the queue of writes only
  private boolean headersSent;
  private volatile boolean closed;

  StreamCall(
      ServerCall<RequestMessage, byte[]> call,
      Metadata metadata,
      RequestCall.Surroundings surroundings,
      InferReader reader) {
    this.call = call;
    headers = new Headers.OfMetadata(metadata);
    this.surroundings = surroundings;
    this.reader = reader;
    endsWithError = "true".equals(metadata.get(STATUS_OF_ERROR));
    readOn();
  }

  // ---- from the caller

  @Override
  public void onMessage(RequestMessage message) {
    if (closed) {
      return; // it was under way when another's error ended the stream
    }
    reading.set(false);
    take(message);
    readOn();
  }

  private void take(RequestMessage message) {
    long arrivalNanos = surroundings.clock().nanoTime();
    String model = "";
    String id = "";
    InferReader.Read read;
    try {
      ModelInferRequest request = InferReader.parse(message.within(surroundings.mostBytes()));
      model = request.getModelName();
      id = request.getId();
      read =
          reader.read(
              request,
              headers,
              new InferenceRequest.Timing(arrivalNanos, RequestCall.deadlineNanos(arrivalNanos)));
    } catch (UnreadableException e) {
      surroundings.handler().unreadable(e.failure(), arrivalNanos);
      fail(model, id, e.failure(), 0);
      return;
    }
    StreamedRequest request = new StreamedRequest(this, read, surroundings.clock());
    open.add(request);
    surroundings.handler().handle(request);
  }

  private void readOn() {
    if (open.size() < MOST_OPEN && reading.compareAndSet(false, true)) {
      call.request(1);
    }
  }

  @Override
  public void onHalfClose() {
    saidAll = true;
    writes.run(this::closeWhenDone);
  }

  @Override
  public void onCancel() {
    cancelled = true;
    open.forEach(StreamedRequest::cancelled);
  }

  @Override
  public void onReady() {
    open.forEach(StreamedRequest::ready);
  }

  // ---- for its requests

  boolean isReady() {
    return !cancelled && call.isReady();
  }

  boolean isCancelled() {
    return cancelled;
  }

  void write(byte[] response) {
    writes.run(() -> send(response));
  }

  /** One request is over, and this is the last that is written of it. */
  void end(StreamedRequest request, byte[] response) {
    writes.run(() -> send(response));
    over(request);
  }

  /** One request is over and failed. */
  void fail(StreamedRequest request, Failure failure, int tokensDelivered) {
    fail(request.form().model(), request.form().id(), failure, tokensDelivered);
    over(request);
  }

  private void fail(String model, String id, Failure failure, int tokensDelivered) {
    if (endsWithError) {
      writes.run(
          () -> close(Statuses.status(failure), Statuses.trailers(failure, tokensDelivered)));
    } else {
      byte[] response = Responses.error(model, id, failure, tokensDelivered);
      writes.run(() -> send(response));
    }
  }

  private void over(StreamedRequest request) {
    open.remove(request);
    if (!saidAll && !cancelled) {
      readOn();
    }
    writes.run(this::closeWhenDone);
  }

  // ---- in the queue of writes

  private void send(byte[] response) {
    if (closed || cancelled) {
      return;
    }
    if (!headersSent) {
      headersSent = true;
      call.sendHeaders(new Metadata());
    }
    call.sendMessage(response);
  }

  private void closeWhenDone() {
    if (saidAll && open.isEmpty()) {
      close(Status.OK, new Metadata());
    }
  }

  private void close(Status status, Metadata trailers) {
    if (closed || cancelled) {
      return;
    }
    closed = true;
    call.close(status, trailers);
    open.forEach(StreamedRequest::cancelled); // with an error: nobody hears their answers
  }

  private void bug(RuntimeException bug) {
    LOG.error("a stream of requests failed", bug);
    close(
        Status.INTERNAL.withDescription("the gateway failed; the event is logged"), new Metadata());
  }
}
