package dev.sluice.gateway.transport;

import dev.sluice.gateway.core.request.Reason;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A request as the bytes it came in: it is decoded where its faults can be answered well.
 *
 * @param bytes the encoded message; null when it was longer than allowed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record RequestMessage(byte @Nullable [] bytes) {

  /**
   * The bytes.
   *
   * @param mostBytes how many are allowed
   */
  public byte[] within(int mostBytes) throws UnreadableException {
    byte[] kept = bytes;
    if (kept == null) {
      throw new UnreadableException(
          Reason.MESSAGE_TOO_LARGE,
          "message: too large (expected: at most " + mostBytes + " bytes)");
    }
    return kept;
  }

  /** Reads messages of at most {@code mostBytes}; a longer one is not kept. */
  public record Marshaller(int mostBytes) implements MethodDescriptor.Marshaller<RequestMessage> {

    @Override
    public RequestMessage parse(InputStream stream) {
      try {
        byte[] bytes = stream.available() > mostBytes ? null : stream.readNBytes(mostBytes + 1);
        return new RequestMessage(bytes == null || bytes.length > mostBytes ? null : bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public InputStream stream(RequestMessage message) {
      byte[] bytes = message.bytes();
      return new ByteArrayInputStream(bytes == null ? new byte[0] : bytes);
    }
  }
}
