package dev.sluice.gateway.transport.oip;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.InboundCall;
import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.time.NanoClock;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.inference.ModelInferResponse;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request of a {@code ModelStreamInfer} call: answered piece by piece, or whole if it did not
 * ask for a stream or asked for vectors. The first response tells who serves it, the last one how
 * it went.
 */
final class StreamedRequest implements InboundCall {

  private final StreamCall stream;
  private final Requests.Understood understood;
  private final Form form;
  private final Responses responses;
  private final NanoClock clock;
  private final StringBuilder text = new StringBuilder(0);
  private ModelInferResponse.@Nullable Builder vectors;
  private @Nullable Assignment assignment;
  private long decidedNanos;
  private boolean begun;
  private volatile @Nullable Runnable onReady;
  private volatile @Nullable Runnable onCancelled;

  StreamedRequest(StreamCall stream, InferReader.Read read, NanoClock clock) {
    this.stream = stream;
    understood = read.understood();
    form = read.form();
    responses = new Responses(form);
    this.clock = clock;
  }

  Form form() {
    return form;
  }

  // ---- from the caller

  /** The caller keeps up again. */
  void ready() {
    Runnable listener = onReady;
    if (listener != null) {
      listener.run();
    }
  }

  /** Nobody will hear the answer. */
  void cancelled() {
    Runnable listener = onCancelled;
    if (listener != null) {
      listener.run();
    }
  }

  @Override
  public InferenceRequest request() {
    return understood.request();
  }

  @Override
  public Payload payload() {
    return understood.payload();
  }

  @Override
  public boolean isReady() {
    return stream.isReady();
  }

  @Override
  public void listen(Runnable onReady, Runnable onCancelled) {
    this.onReady = onReady;
    this.onCancelled = onCancelled;
    if (stream.isCancelled()) {
      onCancelled.run(); // it may have happened before anybody listened
    }
  }

  // ---- to the caller

  @Override
  public void admitted(Assignment assignment) {
    if (decidedNanos == 0) {
      decidedNanos = clock.nanoTime();
    }
    this.assignment = assignment;
  }

  @Override
  public void reassigned(Assignment assignment) {
    admitted(assignment);
  }

  @Override
  public void tokens(int index, int count, String text, List<Integer> ids) {
    if (!form.stream()) {
      this.text.append(text);
    } else if (begun) {
      if (!text.isEmpty()) {
        stream.write(responses.piece(text));
      }
    } else if (!text.isEmpty()) {
      stream.write(Responses.streamed(attributed(responses.of(text)), false));
    }
  }

  @Override
  public void encodedTokens(byte[] response) {
    tokens(0, 1, AnswerText.of(response), List.of());
  }

  @Override
  public void vectors(int dimensions, float[] values) {
    vectors = responses.of(dimensions, values);
  }

  private ModelInferResponse.Builder attributed(ModelInferResponse.Builder response) {
    if (!begun) {
      begun = true;
      Account.attribution(
          response,
          request(),
          Objects.requireNonNull(assignment),
          decidedNanos - request().timing().arrivalNanos());
    }
    return response;
  }

  @Override
  public void finished(RequestRecord account) {
    RequestRecord.Routing route = account.route();
    if (account.outcome() instanceof RequestRecord.Completed completed && route != null) {
      ModelInferResponse.Builder last = vectors;
      if (last == null) {
        last = form.stream() && form.emptyFinal() ? responses.bare() : responses.of(text);
        Account.ending(last, account, completed);
      }
      attributed(last);
      Account.account(last, account, route);
      stream.end(this, Responses.streamed(last, true));
    }
  }

  @Override
  public void failed(Failure failure, int tokensDelivered) {
    stream.fail(this, failure, tokensDelivered);
  }

  /** Tells its id, not what it asks. */
  @Override
  public String toString() {
    return "StreamedRequest[" + request().id() + "]";
  }
}
