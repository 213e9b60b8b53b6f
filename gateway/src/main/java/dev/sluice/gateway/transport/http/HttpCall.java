package dev.sluice.gateway.transport.http;

import com.google.protobuf.InvalidProtocolBufferException;
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
import dev.sluice.gateway.transport.Statuses;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.v1.GenerateResponse;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/**
 * One request of OpenAI's API: reads its body, then writes what the gateway makes of it.
 *
 * <p>Nothing is written before the first token or the end, so that what fails before has its own
 * status, and so that headers, the first event and the first token leave together. Afterwards every
 * token is an event of its own; what comes while one is being written leaves with the next.
 */
final class HttpCall implements InboundCall, BodyReader.Listener {

  private static final String EVENTS = "text/event-stream; charset=utf-8";
  private static final String JSON = "application/json";

  private final Exchange exchange;
  private final Kind kind;
  private final Surroundings surroundings;
  private final long arrivalNanos;
  private final AtomicBoolean bodyEnded = new AtomicBoolean();
  private final JsonBytes piece = new JsonBytes();

  private CompletionReader.@Nullable Read read;
  private @Nullable Assignment assignment;
  private int attempts;
  private long decidedNanos;
  private @Nullable EventStream events;
  private final Message message = new Message();
  private boolean begun;
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

  HttpCall(Exchange exchange, Kind kind, Surroundings surroundings) {
    this.exchange = exchange;
    this.kind = kind;
    this.surroundings = surroundings;
    arrivalNanos = surroundings.clock().nanoTime();
  }

  /** Begins to read the body. */
  void begin() {
    new BodyReader(exchange.request(), surroundings.limits(), surroundings.clock(), this).begin();
  }

  // ---- the body

  @Override
  public void whole(byte[] body) {
    if (!bodyEnded.compareAndSet(false, true)) {
      return;
    }
    HttpFields fields = exchange.request().getHeaders();
    Headers headers = fields::getValuesList;
    try {
      MediaType.check(fields);
      read =
          surroundings
              .reader()
              .read(kind, body, headers, new InferenceRequest.Timing(arrivalNanos, Long.MAX_VALUE));
    } catch (UnreadableException e) {
      refuse(e.failure());
      return;
    }
    surroundings.handler().handle(this);
  }

  @Override
  public void tooLarge() {
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
  public void tooSlow() {
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
  public void broken(Throwable cause) {
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
  public InferenceRequest request() {
    return Objects.requireNonNull(read).understood().request();
  }

  @Override
  public Payload payload() {
    return Objects.requireNonNull(read).understood().payload();
  }

  @Override
  public boolean isReady() {
    return exchange.isReady();
  }

  @Override
  public void listen(Runnable onReady, Runnable onCancelled) {
    exchange.listen(onReady, onCancelled);
  }

  // ---- to the caller

  @Override
  public void admitted(Assignment assignment) {
    this.assignment = assignment;
    attempts++;
    if (decidedNanos == 0) {
      decidedNanos = surroundings.clock().nanoTime();
    }
  }

  @Override
  public void reassigned(Assignment assignment) {
    admitted(assignment);
  }

  @Override
  public void tokens(int index, int count, String text, List<Integer> ids) {
    if (closed) {
      return;
    }
    if (!Objects.requireNonNull(read).form().stream()) {
      message.addText(text);
      return;
    }
    piece.clear();
    EventStream writer = begunEvents();
    writer.text(piece, text);
    if (piece.length() > 0) {
      exchange.write(piece);
    }
  }

  @Override
  public void deltas(List<String> deltas) {
    if (closed) {
      return;
    }
    boolean stream = Objects.requireNonNull(read).form().stream();
    piece.clear();
    for (String delta : deltas) {
      if (stream) {
        begunEvents().delta(piece, delta);
      } else {
        message.addDelta(delta);
      }
    }
    if (stream) {
      exchange.write(piece);
    }
  }

  @Override
  public void encodedTokens(byte[] response) {
    try {
      tokens(0, 1, GenerateResponse.parseFrom(response).getTokens().getText(), List.of());
    } catch (InvalidProtocolBufferException e) {
      // the adapter has looked into the message and found tokens in it
      throw new IllegalArgumentException("response: not a GenerateResponse", e);
    }
  }

  private EventStream begunEvents() {
    EventStream writer = events;
    if (writer == null) {
      writer = new EventStream(head(), Objects.requireNonNull(read).form().withUsage());
      events = writer;
      begun = true;
      attribute(attempts, decidedNanos - arrivalNanos);
      exchange.headers().put("cache-control", "no-cache");
      exchange.headers().put("x-accel-buffering", "no"); // else nginx would collect events
      exchange.begin(200, EVENTS);
      writer.begin(piece);
    }
    return writer;
  }

  private AnswerHead head() {
    return new AnswerHead(
        kind, request().id(), request().model(), surroundings.wall().epochSeconds());
  }

  @Override
  public void finished(RequestRecord account) {
    if (closed
        || !(account.outcome() instanceof RequestRecord.Completed completed)
        || account.route() == null) {
      return;
    }
    closed = true;
    RequestRecord.Routing route = account.route();
    if (Objects.requireNonNull(read).form().stream()) {
      piece.clear();
      begunEvents().finished(piece, account, completed, route);
      exchange.end(piece);
    } else {
      assignment = route.assignment();
      attribute(route.attempts(), account.times().decisionNanos());
      exchange.answer(200, JSON, WholeAnswer.of(head(), message, account, completed, route));
    }
  }

  @Override
  public void failed(Failure failure, int tokensDelivered) {
    if (closed) {
      return;
    }
    closed = true;
    piece.clear();
    if (failure.reason() == Reason.CALLER_CANCELLED || failure.reason() == Reason.CLIENT_TOO_SLOW) {
      exchange.abort();
    } else if (begun) {
      EventStream.failed(piece, failure, tokensDelivered);
      exchange.breakOff(piece);
    } else {
      FailureHeaders.put(exchange.headers(), failure);
      if (read != null) {
        exchange.headers().put(RequestNames.ID, request().id());
      }
      exchange.answer(Statuses.http(failure.reason()), JSON, ErrorJson.write(piece, failure, 0));
    }
  }

  private void attribute(int attempts, long overheadNanos) {
    HttpFields.Mutable headers = exchange.headers();
    headers.put(RequestNames.ID, request().id());
    Attribution.put(
        headers,
        Objects.requireNonNull(assignment),
        attempts,
        overheadNanos,
        request().budget().totalNanos());
  }
}
