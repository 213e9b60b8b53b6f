package dev.sluice.backends.openai;

import dev.sluice.backends.openai.http.BlockingExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Reads answers that are not streams. */
final class Bodies {

  /** Beyond this nothing is read: prompts are at most 4 MiB, and escaped they are longer. */
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private Bodies() {}

  /** The whole body. */
  static byte[] read(BlockingExchange exchange) throws IOException {
    return read(exchange, MOST_BYTES);
  }

  /** The body, or as much of it as comes with its first {@code mostBytes}. */
  static byte[] read(BlockingExchange exchange, int mostBytes) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int count = 0;
    while (body.size() < mostBytes && count >= 0) {
      count = exchange.read(body::write);
    }
    return body.toByteArray();
  }
}
