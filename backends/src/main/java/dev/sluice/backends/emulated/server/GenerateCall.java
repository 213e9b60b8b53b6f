package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import io.grpc.ServerCall;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One {@code Generate} call.
 *
 * <p>Headers and Admitted leave with the first token: one packet and one wake-up fewer on both
 * sides, and a refusal needs neither.
 */
final class GenerateCall extends ServedCall {

  private @Nullable Generation generation;

  // the sink's calls only
  private long firstTokenNanos;
  private long lastTokenNanos;
  private boolean begun;

  GenerateCall(ServerCall<byte[], byte[]> call, Surroundings surroundings) {
    super(call, surroundings);
  }

  @Override
  String understand(byte[] bytes, long timeoutNanos) throws RefusedException {
    Generation read = reader().read(bytes, timeoutNanos);
    generation = read;
    return read.requestId();
  }

  @Override
  BackendCall ask(Backend backend, TokenSink sink) {
    return backend.start(started(), sink);
  }

  @Override
  IntUnaryOperator characters(Mischief mischief) {
    return mischief.characters(started());
  }

  @Override
  boolean hasBegun() {
    return begun;
  }

  @Override
  public void begin() {
    if (!begun && isOpen()) {
      begun = true;
      sendHeaders();
      sendRaw(ResponseWriter.admitted(started().requestId(), served()));
    }
  }

  @Override
  public void send(TokenChunk chunk) {
    lastTokenNanos = nowNanos();
    if (delivered() == 0) {
      firstTokenNanos = lastTokenNanos;
      begin();
    }
    books(chunk);
    sendRaw(ResponseWriter.tokens(chunk));
  }

  @Override
  public void finish(Completion completion) {
    if (delivered() == 0) {
      firstTokenNanos = nowNanos();
      lastTokenNanos = firstTokenNanos;
      begin();
    }
    if (isOpen()) {
      complete(ResponseWriter.finished(completion, times(), started().terms(), served()));
    }
  }

  private ResponseWriter.Times times() {
    long streamedNanos = lastTokenNanos - firstTokenNanos;
    return new ResponseWriter.Times(
        firstTokenNanos - arrivalNanos(),
        delivered() > 1 ? streamedNanos / (delivered() - 1) : 0,
        lastTokenNanos - arrivalNanos());
  }

  private Generation started() {
    return Objects.requireNonNull(generation);
  }
}
