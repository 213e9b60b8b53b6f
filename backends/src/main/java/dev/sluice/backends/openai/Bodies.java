package dev.sluice.backends.openai;

import dev.sluice.backends.openai.http.Exchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Reads answers that are not streams. */
final class Bodies {

  /** Beyond this nothing is read: prompts are at most 4 MiB, and escaped they are longer. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final int BUFFER_BYTES = 8 * 1024;

  private Bodies() {}

  /** The whole body. */
  static byte[] read(Exchange exchange) throws IOException {
    return read(exchange, MOST_BYTES);
  }

  /** The body, or as much of it as {@code mostBytes}. */
  static byte[] read(Exchange exchange, int mostBytes) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] bytes = new byte[BUFFER_BYTES];
    while (body.size() < mostBytes) {
      int count = exchange.read(bytes);
      if (count < 0) {
        break;
      }
      body.write(bytes, 0, Math.min(count, mostBytes - body.size()));
    }
    return body.toByteArray();
  }
}
