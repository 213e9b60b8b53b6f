package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.CallHandler;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.gateway.time.WallClock;
import dev.sluice.gateway.transport.Headers;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.Statuses;
import dev.sluice.gateway.transport.UnreadableException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * One request with a body: reads it, and says who serves it in the headers of the answer, which its
 * kind writes.
 *
 * <p>Nothing is written before the first token or the end, so that what fails before has its own
 * status.
 */
abstract class BodyCall implements InboundCall, BodyReader.Listener {

  static final String JSON = "application/json";

  private final Exchange exchange;
  private final Surroundings surroundings;
  private final long arrivalNanos;
  private final AtomicBoolean bodyEnded = new AtomicBoolean();
  private final JsonBytes piece = new JsonBytes();

  private Requests.@Nullable Understood understood;
  private @Nullable Assignment assignment;
  private int attempts;
  private long decidedNanos;
  private boolean closed;

  /**
   * What all calls share.
   *
   * @param handler takes charge of what was read
   * @param reader reads bodies
   * @param limits of bodies
   * @param clock the time
   * @param wall the time of day
   */
  record Surroundings(
      CallHandler handler,
      CompletionReader reader,
      BodyReader.Limits limits,
      NanoClock clock,
      WallClock wall) {}

  BodyCall(Exchange exchange, Surroundings surroundings) {
    this.exchange = exchange;
    this.surroundings = surroundings;
    arrivalNanos = surroundings.clock().nanoTime();
  }

  /** Begins to read the body. */
  final void begin() {
    new BodyReader(exchange.request(), surroundings.limits(), surroundings.clock(), this).begin();
  }

  /** Reads the request that {@code body} is. */
  abstract Requests.Understood read(byte[] body, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException;

  // ---- the body

  @Override
  public final void whole(byte[] body) {
    if (!bodyEnded.compareAndSet(false, true)) {
      return;
    }
    HttpFields fields = exchange.request().getHeaders();
    Headers headers = fields::getValuesList;
    try {
      MediaType.check(fields);
      understood = read(body, headers, new InferenceRequest.Timing(arrivalNanos, Long.MAX_VALUE));
    } catch (UnreadableException e) {
      refuse(e.failure());
      return;
    }
    surroundings.handler().handle(this);
  }

  @Override
  public final void tooLarge() {
    if (bodyEnded.compareAndSet(false, true)) {
      refuse(
          Failure.of(
              Reason.MESSAGE_TOO_LARGE,
              "body: too large (expected: at most "
                  + surroundings.limits().mostBytes()
                  + " bytes)"));
    }
  }

  @Override
  public final void tooSlow() {
    if (bodyEnded.compareAndSet(false, true)) {
      Failure failure =
          Failure.of(
              Reason.MALFORMED_REQUEST,
              "body: too slow (expected: at least "
                  + surroundings.limits().leastBytesPerSecond()
                  + " bytes a second)");
      surroundings.handler().unreadable(failure, arrivalNanos);
      exchange.headers().put("connection", "close");
      exchange.answer(408, JSON, ErrorJson.write(piece.clear(), failure, 0));
    }
  }

  @Override
  public final void broken(Throwable cause) {
    if (bodyEnded.compareAndSet(false, true)) {
      exchange.abort(); // nothing was asked, and nobody is there to hear
    }
  }

  private void refuse(Failure failure) {
    surroundings.handler().unreadable(failure, arrivalNanos);
    failed(failure, 0);
  }

  // ---- from the caller

  @Override
  public final InferenceRequest request() {
    return Objects.requireNonNull(understood).request();
  }

  @Override
  public final Payload payload() {
    return Objects.requireNonNull(understood).payload();
  }

  @Override
  public final boolean isReady() {
    return exchange.isReady();
  }

  @Override
  public final void listen(Runnable onReady, Runnable onCancelled) {
    exchange.listen(onReady, onCancelled);
  }

  // ---- to the caller

  @Override
  public final void admitted(Assignment assignment) {
    this.assignment = assignment;
    attempts++;
    if (decidedNanos == 0) {
      decidedNanos = surroundings.clock().nanoTime();
    }
  }

  @Override
  public final void reassigned(Assignment assignment) {
    admitted(assignment);
  }

  @Override
  public final void failed(Failure failure, int tokensDelivered) {
    if (!close()) {
      return;
    }
    piece.clear();
    if (failure.reason() == Reason.CALLER_CANCELLED || failure.reason() == Reason.CLIENT_TOO_SLOW) {
      exchange.abort();
    } else if (hasBegun()) {
      EventStream.failed(piece, failure, tokensDelivered);
      exchange.breakOff(piece);
    } else {
      FailureHeaders.put(exchange.headers(), failure);
      if (understood != null) {
        exchange.headers().put(RequestNames.ID, request().id());
      }
      exchange.answer(Statuses.http(failure.reason()), JSON, ErrorJson.write(piece, failure, 0));
    }
  }

  /** Whether a part of the answer was written. */
  boolean hasBegun() {
    return false;
  }

  /** Nothing more is to be written after what follows; false if that was so before. */
  final boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  final boolean isClosed() {
    return closed;
  }

  final Exchange exchange() {
    return exchange;
  }

  final Surroundings surroundings() {
    return surroundings;
  }

  /** Room for what is written next. */
  final JsonBytes piece() {
    return piece;
  }

  /** Puts who serves the request into the headers, as far as known before the end. */
  final void attribute() {
    attribute(Objects.requireNonNull(assignment), attempts, decidedNanos - arrivalNanos);
  }

  /** The same at the end. */
  final void attribute(RequestRecord account, RequestRecord.Routing route) {
    attribute(route.assignment(), route.attempts(), account.times().decisionNanos());
  }

  private void attribute(Assignment assignment, int attempts, long overheadNanos) {
    HttpFields.Mutable headers = exchange.headers();
    headers.put(RequestNames.ID, request().id());
    Attribution.put(headers, assignment, attempts, overheadNanos, request().budget().totalNanos());
  }
}
