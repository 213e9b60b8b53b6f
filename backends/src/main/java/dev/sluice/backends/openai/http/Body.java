package dev.sluice.backends.openai.http;

import java.io.EOFException;
import java.io.IOException;

/**
 * The body of an answer, whatever way its end is told. A read that was timed out can be repeated.
 */
final class Body {

  private static final int MOST_CHUNK_LINE_BYTES = 1024;
  private static final int MOST_TRAILER_LINES = 64;
  private static final int MOST_CHUNK_DIGITS = 8;

  private final Connection connection;
  private final Framing framing;

  /** Bytes left of the body or of the chunk. */
  private long left;

  private boolean ended;

  /** Whether the end of a chunk's line is due: not waited for before its bytes are passed on. */
  private boolean endsChunk;

  private boolean inTrailers;

  private enum Framing {
    CHUNKED,
    LENGTH,
    UNTIL_CLOSE
  }

  private Body(Connection connection, Framing framing, long left) {
    this.connection = connection;
    this.framing = framing;
    this.left = left;
    ended = framing == Framing.LENGTH && left == 0;
  }

  static Body of(ResponseHead head, Connection connection) throws MalformedResponseException {
    if (!head.header("content-encoding").orElse("identity").equalsIgnoreCase("identity")) {
      throw new MalformedResponseException("content-encoding: another than identity");
    }
    if (head.isChunked()) {
      return new Body(connection, Framing.CHUNKED, 0);
    }
    long length = head.hasNoBody() ? 0 : head.contentLength();
    return length >= 0
        ? new Body(connection, Framing.LENGTH, length)
        : new Body(connection, Framing.UNTIL_CLOSE, Long.MAX_VALUE);
  }

  /** Whether the end was seen. */
  boolean hasEnded() {
    return ended;
  }

  /** Whether the server's end of the connection is not the end of the body. */
  boolean leavesConnection() {
    return framing != Framing.UNTIL_CLOSE;
  }

  /**
   * The next bytes, at least one; -1 at the end.
   *
   * @throws EOFException if the connection ends before the body
   */
  int read(byte[] into) throws IOException {
    if (!ended && left == 0) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count;
    try {
      count = connection.read(into, (int) Math.min(left, Integer.MAX_VALUE));
    } catch (EOFException e) {
      if (framing == Framing.UNTIL_CLOSE) {
        ended = true;
        return -1;
      }
      throw e;
    }
    left -= count;
    if (left == 0) {
      endsChunk = framing == Framing.CHUNKED;
      ended = !endsChunk;
    }
    return count;
  }

  private void nextChunk() throws IOException {
    if (endsChunk) {
      endOfChunk();
    }
    if (inTrailers) {
      skipTrailers();
      return;
    }
    String line = connection.readLine(MOST_CHUNK_LINE_BYTES);
    int digits = 0;
    long size = 0;
    while (digits < line.length() && Character.digit(line.charAt(digits), 16) >= 0) {
      size = size * 16 + Character.digit(line.charAt(digits), 16);
      if (++digits > MOST_CHUNK_DIGITS) {
        throw new MalformedResponseException("chunk: too long a size");
      }
    }
    String rest = line.substring(digits).strip();
    if (digits == 0 || (!rest.isEmpty() && !rest.startsWith(";"))) {
      throw new MalformedResponseException("chunk: no size");
    }
    left = size;
    if (size == 0) {
      inTrailers = true;
      skipTrailers();
    }
  }

  private void skipTrailers() throws IOException {
    for (int i = 0; i < MOST_TRAILER_LINES; i++) {
      if (connection.readLine(MOST_CHUNK_LINE_BYTES).isEmpty()) {
        ended = true;
        return;
      }
    }
    throw new MalformedResponseException("trailers: more than " + MOST_TRAILER_LINES);
  }

  private void endOfChunk() throws IOException {
    if (!connection.readLine(MOST_CHUNK_LINE_BYTES).isEmpty()) {
      throw new MalformedResponseException("chunk: longer than its size");
    }
    endsChunk = false;
  }
}
