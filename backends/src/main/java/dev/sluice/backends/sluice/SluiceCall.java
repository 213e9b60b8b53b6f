package dev.sluice.backends.sluice;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.grpc.Delivery;
import dev.sluice.backends.grpc.FailureReader;
import dev.sluice.backends.grpc.MalformedResponseException;
import dev.sluice.v1.Finished;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One running generation.
 *
 * <p>gRPC is always asked for one message more than the sink wants: the end needs no permission,
 * but gRPC tells it only when every message before it was taken. A chunk that comes on that extra
 * message waits here until the sink asks.
 */
final class SluiceCall extends ClientCall.Listener<byte[]> implements BackendCall {

  /** For Admitted, which is not passed on, and for the message that may be the end. */
  private static final int MESSAGES_NOT_ASKED_FOR = 2;

  private final ClientCall<GenerateRequest, byte[]> call;
  private final FailureReader failures;
  private final Delivery delivery;

  // the event loop only
  private final ResponseScanner scanner = new ResponseScanner();
  private boolean admitted;
  private final int firstIndex;
  private int nextIndex;
  private @Nullable Completion completion;

  /**
   * A generation that has not started.
   *
   * @param firstIndex index of the first token that is wanted
   */
  SluiceCall(
      ClientCall<GenerateRequest, byte[]> call,
      TokenSink sink,
      FailureReader failures,
      int firstIndex) {
    this.call = call;
    delivery = new Delivery(sink, call::request);
    this.failures = failures;
    this.firstIndex = firstIndex;
    nextIndex = firstIndex;
  }

  void start(GenerateRequest request) {
    call.start(this, new Metadata());
    call.request(MESSAGES_NOT_ASKED_FOR);
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
    }
  }

  @Override
  public void onMessage(byte[] message) {
    if (delivery.isOver()) {
      return;
    }
    try {
      take(message);
    } catch (MalformedResponseException e) {
      violated(e.what());
    }
  }

  private void take(byte[] message) throws MalformedResponseException {
    int event = scanner.scan(message);
    if (completion != null) {
      throw new MalformedResponseException("a message after finished");
    }
    if (admitted == (event == GenerateResponse.ADMITTED_FIELD_NUMBER)) {
      throw new MalformedResponseException(
          admitted ? "admitted a second time" : "an answer that does not begin with admitted");
    }
    switch (event) {
      case GenerateResponse.ADMITTED_FIELD_NUMBER -> admitted = true;
      case GenerateResponse.TOKENS_FIELD_NUMBER -> takeTokens(message);
      default -> completion = completion(message);
    }
  }

  private void takeTokens(byte[] message) throws MalformedResponseException {
    // a gap can not be mended; what comes twice the sink may drop
    if (scanner.index() > nextIndex) {
      throw new MalformedResponseException(
          "tokens.index: " + scanner.index() + " (expected: " + nextIndex + ")");
    }
    nextIndex = Math.max(nextIndex, scanner.index() + scanner.count());
    delivery.add(TokenChunk.ofWire(scanner.index(), scanner.count(), message));
  }

  private static Completion completion(byte[] message) throws MalformedResponseException {
    Finished finished;
    try {
      finished = GenerateResponse.parseFrom(message).getFinished();
    } catch (InvalidProtocolBufferException _) {
      throw new MalformedResponseException("finished that cannot be decoded");
    }
    return new Completion(
        reason(finished),
        tokens("input_tokens", finished.getUsage().getInputTokens()),
        tokens("output_tokens", finished.getUsage().getOutputTokens()),
        tokens("cached_input_tokens", finished.getUsage().getCachedInputTokens()));
  }

  private static Completion.Reason reason(Finished finished) throws MalformedResponseException {
    return switch (finished.getReason()) {
      case FINISH_REASON_STOP -> Completion.Reason.STOP;
      case FINISH_REASON_LENGTH -> Completion.Reason.LENGTH;
      case FINISH_REASON_CONTENT_FILTER -> Completion.Reason.CONTENT_FILTER;
      case FINISH_REASON_TOOL_CALLS -> Completion.Reason.TOOL_CALLS;
      case FINISH_REASON_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedResponseException(
              "finished.reason: " + finished.getReasonValue() + " (expected: 1 to 4)");
    };
  }

  private static int tokens(String field, int value) throws MalformedResponseException {
    if (value < 0) {
      throw new MalformedResponseException(
          "finished.usage." + field + ": " + Integer.toUnsignedString(value));
    }
    return value;
  }

  private void violated(String what) {
    delivery.fail(failures.violation(what));
    call.cancel("the answer breaks the protocol", null);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    Completion account = completion;
    if (account != null) {
      // with its account the answer is whole, however the stream went down after that
      delivery.finish(account);
    } else if (status.isOk()) {
      delivery.fail(failures.violation("status OK without finished"));
    } else {
      delivery.fail(failures.read(status, trailers, nextIndex > firstIndex));
    }
  }
}
