package dev.sluice.backends.oip;

import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.grpc.Delivery;
import dev.sluice.backends.grpc.FailureReader;
import dev.sluice.backends.grpc.MalformedResponseException;
import dev.sluice.backends.text.CountedText;
import dev.sluice.backends.text.FinishReasons;
import dev.sluice.backends.text.Utf8Pieces;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelStreamInferResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One running generation, on a call of its own.
 *
 * <p>gRPC is always asked for one message more than the sink wants, as the last one may have no
 * text and needs no permission; a message without text is replaced by another.
 */
final class OipCall extends ClientCall.Listener<ModelStreamInferResponse> implements BackendCall {

  /** Has Triton (from 24.08 on) end a stream with the status of its error. */
  private static final Metadata.Key<String> STATUS_OF_ERROR =
      Metadata.Key.of("triton_grpc_error", Metadata.ASCII_STRING_MARSHALLER);

  private final ClientCall<ModelInferRequest, ModelStreamInferResponse> call;
  private final Terms terms;
  private final Delivery delivery;
  private final AtomicBoolean over = new AtomicBoolean();

  // the event loop only
  private final CountedText text;
  private final Utf8Pieces characters = new Utf8Pieces();
  private boolean hasResponse;
  private boolean hasText;
  private boolean marksItsLast;
  private String finishReason = "";
  private long inputTokens = ResponseReader.UNKNOWN;
  private long outputTokens = ResponseReader.UNKNOWN;

  /**
   * What a generation is read with.
   *
   * @param backend hears when it is over
   * @param reader finds the text in responses
   * @param failures names failures
   * @param answer what is known of the answer
   */
  record Terms(
      OipBackend backend, ResponseReader reader, FailureReader failures, Expected answer) {}

  /**
   * What is known of an answer beforehand.
   *
   * @param requestId id of the request, which responses have too
   * @param firstIndex index of the first token
   * @param mostTokens most tokens that are asked for
   * @param inputTokens tokens of the prompt, by estimate
   * @param startNanos when it began
   */
  record Expected(
      String requestId, int firstIndex, int mostTokens, int inputTokens, long startNanos) {}

  OipCall(
      ClientCall<ModelInferRequest, ModelStreamInferResponse> call, Terms terms, TokenSink sink) {
    this.call = call;
    this.terms = terms;
    delivery = new Delivery(sink, call::request);
    text =
        new CountedText(
            terms.backend().counts(), terms.answer().firstIndex(), terms.answer().mostTokens());
  }

  void start(ModelInferRequest request) {
    Metadata headers = new Metadata();
    headers.put(STATUS_OF_ERROR, "true");
    call.start(this, headers);
    call.request(1);
    call.sendMessage(request);
    call.halfClose();
  }

  @Override
  public void request(int chunks) {
    delivery.permit(chunks);
  }

  @Override
  public void cancel() {
    if (!delivery.isCancelled()) {
      delivery.cancel();
      call.cancel("cancelled by the caller", null);
      ended(false);
    }
  }

  @Override
  public void onMessage(ModelStreamInferResponse message) {
    if (delivery.isOver()) {
      return;
    }
    try {
      take(message);
    } catch (MalformedResponseException e) {
      fail(terms.failures().violation(e.what()));
      call.cancel("the answer breaks the protocol", null);
    }
  }

  private void take(ModelStreamInferResponse message) throws MalformedResponseException {
    if (!message.getErrorMessage().isEmpty()) {
      // an older Triton: it does not say of what kind the error is
      fail(terms.failures().broke("an error in the stream"));
      call.cancel("the answer is over", null);
      return;
    }
    ResponseReader.checkId(message.getInferResponse(), terms.answer().requestId());
    ResponseReader.Piece piece = terms.reader().read(message.getInferResponse());
    hasResponse = true;
    note(piece);
    Boolean last = piece.last();
    marksItsLast |= last != null;
    boolean passedOn = pass(characters.decode(piece.text()));
    if (last != null && last) {
      finish();
    } else if (!passedOn) {
      call.request(1);
    }
  }

  private void note(ResponseReader.Piece piece) {
    if (!piece.finishReason().isEmpty()) {
      finishReason = piece.finishReason();
    }
    if (piece.inputTokens() >= 0) {
      inputTokens = piece.inputTokens();
    }
    if (piece.outputTokens() >= 0) {
      outputTokens = piece.outputTokens();
    }
  }

  /** Passes a piece of text on as soon as it holds a token; whether it does. */
  private boolean pass(String piece) {
    if (piece.isEmpty()) {
      return false;
    }
    hasText = true;
    text.add(piece, CountedText.UNKNOWN);
    delivery.add(text.take());
    return true;
  }

  private void finish() throws MalformedResponseException {
    boolean _ = pass(characters.end());
    text.settle(outputTokens);
    Completion.Reason reason = reason();
    if (text.hasTokens()) {
      delivery.add(text.take());
    }
    Expected answer = terms.answer();
    int input =
        inputTokens < 0
            ? answer.inputTokens()
            // what others had said was part of the prompt, and is part of the answer
            : Math.clamp(inputTokens - answer.firstIndex(), 0, Integer.MAX_VALUE);
    delivery.finish(text.completion(reason, input, 0));
    ended(true);
  }

  private Completion.Reason reason() throws MalformedResponseException {
    if (finishReason.isEmpty()) {
      // who says nothing has stopped by itself, or at the limit
      return text.tokens() < terms.answer().mostTokens()
          ? Completion.Reason.STOP
          : Completion.Reason.LENGTH;
    }
    Completion.Reason reason = FinishReasons.of(finishReason);
    if (reason == null) {
      throw new MalformedResponseException("finish_reason of a broken answer");
    }
    return reason;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    if (delivery.isOver()) {
      return;
    }
    if (!status.isOk()) {
      fail(terms.failures().read(status, trailers, hasText));
    } else if (!hasResponse && terms.answer().firstIndex() == 0) {
      // of an answer that was begun elsewhere nothing may be left to say
      fail(terms.failures().violation("status OK without a response"));
    } else if (marksItsLast) {
      fail(terms.failures().violation("status OK without triton_final_response"));
    } else {
      try {
        finish();
      } catch (MalformedResponseException e) {
        fail(terms.failures().violation(e.what()));
      }
    }
  }

  private void fail(BackendFailure failure) {
    delivery.fail(failure);
    ended(false);
  }

  private void ended(boolean complete) {
    if (over.compareAndSet(false, true)) {
      terms.backend().ended(terms.answer().startNanos(), complete);
    }
  }

  @Override
  public String toString() {
    return "OipCall[" + terms.answer().requestId() + ", " + text + "]";
  }
}
