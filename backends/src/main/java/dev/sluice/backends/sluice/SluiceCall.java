package dev.sluice.backends.sluice;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.BackendFailure;
import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.v1.Finished;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One running generation.
 *
 * <p>gRPC is always asked for one message more than the sink wants: the end needs no permission,
 * but gRPC tells it only when every message before it was taken. A chunk that comes on that extra
 * message waits here until the sink asks.
 *
 * <p>Messages come on the event loop, permission from any thread. Whoever finds {@link #signals} at
 * zero delivers, on behalf of all who raise it meanwhile, so that the sink's calls never overlap
 * and nobody waits for a lock.
 */
final class SluiceCall extends ClientCall.Listener<byte[]> implements BackendCall {

  /** For Admitted, which is not passed on, and for the message that may be the end. */
  private static final int MESSAGES_NOT_ASKED_FOR = 2;

  private final ClientCall<GenerateRequest, byte[]> call;
  private final TokenSink sink;
  private final FailureReader failures;

  // the event loop only
  private final ResponseScanner scanner = new ResponseScanner();
  private boolean admitted;
  private final int firstIndex;
  private int nextIndex;
  private @Nullable Completion completion;

  private final AtomicInteger signals = new AtomicInteger();
  private final AtomicLong asked = new AtomicLong();
  private final Queue<TokenChunk> waiting = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Runnable end;
  private volatile boolean cancelled;

  // whoever delivers
  private long permitted;
  private boolean ended;

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
    this.sink = sink;
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
    if (chunks < 1) {
      throw new IllegalArgumentException("chunks: " + chunks + " (expected: >= 1)");
    }
    asked.getAndAdd(chunks);
    signal();
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      call.cancel("cancelled by the caller", null);
    }
  }

  @Override
  public void onMessage(byte[] message) {
    if (end != null || cancelled) {
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
    waiting.add(TokenChunk.ofWire(scanner.index(), scanner.count(), message));
    signal();
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
    end(failures.violation(what));
    call.cancel("the answer breaks the protocol", null);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    if (end != null) {
      return;
    }
    Completion account = completion;
    if (account != null) {
      // with its account the answer is whole, however the stream went down after that
      end = () -> sink.finished(account);
      signal();
    } else if (status.isOk()) {
      end(failures.violation("status OK without finished"));
    } else {
      end(failures.read(status, trailers, nextIndex > firstIndex));
    }
  }

  private void end(BackendFailure failure) {
    waiting.clear();
    end = () -> sink.failed(failure);
    signal();
  }

  private void signal() {
    if (signals.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      deliver();
      seen = signals.addAndGet(-seen);
    } while (seen != 0);
  }

  private void deliver() {
    // read first: whatever was taken before the end is then already waiting
    Runnable last = end;
    long more = asked.get() == 0 ? 0 : asked.getAndSet(0);
    permitted += more;
    while (permitted > 0 && !cancelled) {
      TokenChunk chunk = waiting.poll();
      if (chunk == null) {
        break;
      }
      permitted--;
      sink.tokens(chunk);
    }
    if (last != null) {
      if (!ended && !cancelled) {
        ended = true;
        last.run();
      }
    } else if (more > 0) {
      call.request((int) Math.min(more, Integer.MAX_VALUE));
    }
  }
}
