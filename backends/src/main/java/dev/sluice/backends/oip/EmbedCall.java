package dev.sluice.backends.oip;

import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.OnePiece;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.Vectors;
import dev.sluice.backends.grpc.FailureReader;
import dev.sluice.backends.grpc.MalformedResponseException;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** One running embedding: a response and a status, which is a whole answer only with both. */
final class EmbedCall extends ClientCall.Listener<ModelInferResponse> {

  private final ClientCall<ModelInferRequest, ModelInferResponse> call;
  private final Terms terms;
  private final OnePiece answer;

  // the event loop only
  private @Nullable ModelInferResponse response;

  /**
   * What an embedding is read with.
   *
   * @param backend hears when it is over
   * @param reader finds the vectors
   * @param failures names failures
   * @param asked what was asked for
   * @param startNanos when it began
   */
  record Terms(
      OipBackend backend,
      VectorsReader reader,
      FailureReader failures,
      Embedding asked,
      long startNanos) {}

  EmbedCall(ClientCall<ModelInferRequest, ModelInferResponse> call, Terms terms, TokenSink sink) {
    this.call = call;
    this.terms = terms;
    answer = new OnePiece(sink, () -> call.cancel("cancelled by the caller", null));
  }

  BackendCall start(ModelInferRequest request) {
    call.start(this, new Metadata());
    call.request(2); // one message, and notice of a second, which would be an error
    call.sendMessage(request);
    call.halfClose();
    return answer;
  }

  @Override
  public void onMessage(ModelInferResponse message) {
    if (response != null) {
      answer.fail(terms.failures().violation("a second response"));
      call.cancel("the answer breaks the protocol", null);
    }
    response = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    // a call that was cancelled or broken off closes with CANCELLED
    terms.backend().ended(terms.startNanos(), status.isOk());
    ModelInferResponse whole = response;
    if (!status.isOk()) {
      answer.fail(terms.failures().read(status, trailers, false));
    } else if (whole == null) {
      answer.fail(terms.failures().violation("status OK without a response"));
    } else {
      try {
        complete(whole);
      } catch (MalformedResponseException e) {
        answer.fail(terms.failures().violation(e.what()));
      }
    }
  }

  private void complete(ModelInferResponse whole) throws MalformedResponseException {
    ResponseReader.checkId(whole, terms.asked().requestId());
    Vectors vectors = terms.reader().read(whole, terms.asked().inputs().size());
    int asked = terms.asked().dimensions();
    if (asked > 0 && vectors.dimensions() != asked) {
      answer.fail(
          new BackendFailure.Rejected(
              BackendFailure.Rejected.Kind.INVALID,
              0,
              "%s: dimensions: %d (expected: %d)"
                  .formatted(terms.backend().terms().address(), asked, vectors.dimensions())));
      return;
    }
    long said = ResponseReader.inputTokens(whole);
    answer.complete(
        vectors, said >= 0 && said <= Integer.MAX_VALUE ? (int) said : estimatedTokens());
  }

  private int estimatedTokens() {
    int tokens = 0;
    for (Prompt.Input input : terms.asked().inputs()) {
      tokens += terms.backend().counts().estimate(input);
    }
    return tokens;
  }

  @Override
  public String toString() {
    return "EmbedCall[" + terms.asked().requestId() + "]";
  }
}
