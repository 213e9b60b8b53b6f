package dev.sluice.gateway.transport;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Responses as the bytes they are: they may come encoded from a backend. */
public final class ResponseMarshaller implements MethodDescriptor.Marshaller<byte[]> {

  /** A marshaller, which holds nothing. */
  public ResponseMarshaller() {}

  @Override
  public InputStream stream(byte[] message) {
    return new Bytes(message);
  }

  @Override
  public byte[] parse(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes itself out in one piece, without the buffer that a copy loop would allocate for each
   * message.
   */
  private static final class Bytes extends ByteArrayInputStream implements KnownLength, Drainable {
    private Bytes(byte[] message) {
      super(message);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int left = available();
      target.write(buf, pos, left);
      pos = count;
      return left;
    }
  }
}
