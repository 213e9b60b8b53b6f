package dev.sluice.backends.sluice;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.OnePiece;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.Vectors;
import dev.sluice.backends.grpc.FailureReader;
import dev.sluice.v1.EmbedRequest;
import dev.sluice.v1.EmbedResponse;
import dev.sluice.v1.Vector;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One running embedding: a message and a status, which is a whole answer only with both. */
final class EmbedCall extends ClientCall.Listener<byte[]> {

  private final ClientCall<EmbedRequest, byte[]> call;
  private final FailureReader failures;
  private final int inputs;
  private final OnePiece answer;

  // the event loop only
  private byte @Nullable [] response;

  /**
   * An embedding that has not started.
   *
   * @param inputs how many vectors are expected
   */
  EmbedCall(
      ClientCall<EmbedRequest, byte[]> call, TokenSink sink, FailureReader failures, int inputs) {
    this.call = call;
    this.failures = failures;
    this.inputs = inputs;
    answer = new OnePiece(sink, () -> call.cancel("cancelled by the caller", null));
  }

  BackendCall start(EmbedRequest request) {
    call.start(this, new Metadata());
    call.request(2); // one message, and notice of a second, which would be an error
    call.sendMessage(request);
    call.halfClose();
    return answer;
  }

  @Override
  public void onMessage(byte[] message) {
    if (response != null) {
      violated("a second message");
    }
    response = message;
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    byte[] whole = response;
    if (!status.isOk()) {
      answer.fail(failures.read(status, trailers, false));
    } else if (whole == null) {
      answer.fail(failures.violation("status OK without vectors"));
    } else {
      read(whole);
    }
  }

  private void read(byte[] message) {
    try {
      complete(EmbedResponse.parseFrom(message));
    } catch (InvalidProtocolBufferException _) {
      violated("a message that is no EmbedResponse");
    }
  }

  private void complete(EmbedResponse whole) {
    List<Vector> vectors = whole.getVectorsList();
    int inputTokens = whole.getUsage().getInputTokens();
    int dimensions = vectors.isEmpty() ? 0 : vectors.getFirst().getValuesCount();
    if (vectors.size() != inputs || dimensions == 0) {
      violated(
          "%d vectors of %d values (expected: %d, not empty)"
              .formatted(vectors.size(), dimensions, inputs));
      return;
    }
    if (inputTokens < 0) {
      violated("usage.input_tokens: " + Integer.toUnsignedString(inputTokens));
      return;
    }
    float[] values = new float[inputs * dimensions];
    int next = 0;
    for (Vector vector : vectors) {
      if (vector.getValuesCount() != dimensions) {
        violated("vectors of unequal length");
        return;
      }
      for (int i = 0; i < dimensions; i++) {
        float value = vector.getValues(i);
        if (!Float.isFinite(value)) {
          violated("a vector with a value that is no number");
          return;
        }
        values[next++] = value;
      }
    }
    answer.complete(new Vectors(dimensions, values), inputTokens);
  }

  private void violated(String what) {
    BackendFailure failure = failures.violation(what);
    answer.fail(failure);
    call.cancel("the answer breaks the protocol", null);
  }
}
