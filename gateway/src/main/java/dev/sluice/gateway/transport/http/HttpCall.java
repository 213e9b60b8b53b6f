package dev.sluice.gateway.transport.http;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.transport.Headers;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.v1.GenerateResponse;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request for a completion.
 *
 * <p>Headers, the first event and the first token leave together. Afterwards every token is an
 * event of its own; what comes while one is being written leaves with the next.
 */
final class HttpCall extends BodyCall {

  private static final String EVENTS = "text/event-stream; charset=utf-8";

  private final Kind kind;
  private CompletionReader.@Nullable Read read;
  private @Nullable EventStream events;
  private final Message message = new Message();

  HttpCall(Exchange exchange, Kind kind, Surroundings surroundings) {
    super(exchange, surroundings);
    this.kind = kind;
  }

  @Override
  Requests.Understood read(byte[] body, Headers headers, InferenceRequest.Timing timing)
      throws UnreadableException {
    CompletionReader.Read done = surroundings().reader().read(kind, body, headers, timing);
    read = done;
    return done.understood();
  }

  @Override
  boolean hasBegun() {
    return events != null;
  }

  @Override
  public void tokens(int index, int count, String text, List<Integer> ids) {
    pieces(index, count, List.of(text));
  }

  @Override
  public void pieces(int index, int count, List<String> pieces) {
    add(pieces, EventStream::text, Message::addText);
  }

  @Override
  public void deltas(List<String> deltas) {
    add(deltas, EventStream::delta, Message::addDelta);
  }

  /** What a part of the answer is in a stream. */
  private interface Event {
    void write(EventStream events, JsonBytes out, String part);
  }

  private void add(List<String> parts, Event event, BiConsumer<Message, String> ofWhole) {
    if (isClosed()) {
      return;
    }
    boolean stream = Objects.requireNonNull(read).form().stream();
    JsonBytes out = piece().clear();
    for (String part : parts) {
      if (stream) {
        event.write(begunEvents(), out, part);
      } else {
        ofWhole.accept(message, part);
      }
    }
    if (out.length() > 0) {
      exchange().write(out);
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
      attribute();
      exchange().headers().put("cache-control", "no-cache");
      exchange().headers().put("x-accel-buffering", "no"); // else nginx would collect events
      exchange().begin(200, EVENTS);
      writer.begin(piece());
    }
    return writer;
  }

  private AnswerHead head() {
    return new AnswerHead(
        kind, request().id(), request().model(), surroundings().wall().epochSeconds());
  }

  @Override
  public void finished(RequestRecord account) {
    RequestRecord.Routing route = account.route();
    if (!(account.outcome() instanceof RequestRecord.Completed completed)
        || route == null
        || !close()) {
      return;
    }
    if (Objects.requireNonNull(read).form().stream()) {
      JsonBytes piece = piece().clear();
      begunEvents().finished(piece, account, completed, route);
      exchange().end(piece);
    } else {
      attribute(account, route);
      exchange().answer(200, JSON, WholeAnswer.of(head(), message, account, completed, route));
    }
  }
}
