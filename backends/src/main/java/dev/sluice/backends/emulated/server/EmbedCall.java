package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendCall;
import dev.sluice.backends.Completion;
import dev.sluice.backends.Embedding;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.TokenSink;
import dev.sluice.backends.Vectors;
import io.grpc.ServerCall;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** One {@code Embed} call: all of the answer leaves in one message. */
final class EmbedCall extends ServedCall {

  private @Nullable Embedding embedding;

  // the sink's calls only
  private @Nullable Vectors vectors;
  private boolean begun;
  private boolean spoilt;

  EmbedCall(ServerCall<byte[], byte[]> call, Surroundings surroundings) {
    super(call, surroundings);
  }

  @Override
  String understand(byte[] bytes, long timeoutNanos) throws RefusedException {
    Embedding read = reader().embedding(bytes, timeoutNanos);
    embedding = read;
    return read.requestId();
  }

  @Override
  BackendCall ask(Backend backend, TokenSink sink) {
    return backend.embed(started(), sink);
  }

  @Override
  IntUnaryOperator characters(Mischief mischief) {
    return _ -> 0;
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
    }
  }

  @Override
  public void send(TokenChunk chunk) {
    vectors = chunk.vectors();
    books(chunk);
  }

  /** What is sent raw takes the place of the one message that there may be. */
  @Override
  public void sendRaw(byte[] bytes) {
    spoilt = true;
    super.sendRaw(bytes);
  }

  @Override
  public void finish(Completion completion) {
    begin();
    if (isOpen()) {
      long totalNanos = nowNanos() - arrivalNanos();
      complete(
          spoilt
              ? null
              : ResponseWriter.embedded(vectors, completion, totalNanos, started(), served()));
    }
  }

  private Embedding started() {
    return Objects.requireNonNull(embedding);
  }
}
