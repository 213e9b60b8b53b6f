package dev.sluice.backends.emulated.server;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Requests as the bytes they are: they are decoded where a fault can be answered with a reason. */
final class RequestBytes implements MethodDescriptor.Marshaller<byte[]> {

  /** Largest request. */
  static final int MOST_BYTES = 4 * 1024 * 1024;

  @Override
  public InputStream stream(byte[] message) {
    return new ByteArrayInputStream(message);
  }

  /** One byte more than allowed is enough to know that a request is too large. */
  @Override
  public byte[] parse(InputStream stream) {
    try {
      return stream.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
