package dev.sluice.backends.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes UTF-8 that comes in pieces, however its characters are cut up. What is not UTF-8 becomes
 * U+FFFD.
 */
public final class Utf8Pieces {

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /** The beginning of a character whose end is in the next piece. */
  private byte[] rest = {};

  /** A decoder of which nothing has come. */
  public Utf8Pieces() {}

  /** The characters that {@code piece} completes. */
  public String decode(byte[] piece) {
    return decode(piece, false);
  }

  /** What is left when no piece comes any more: U+FFFD, or nothing. */
  public String end() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] piece, boolean isLast) {
    ByteBuffer in = ByteBuffer.allocate(rest.length + piece.length).put(rest).put(piece).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    decoder.decode(in, out, isLast);
    rest = new byte[in.remaining()];
    in.get(rest);
    return out.flip().toString();
  }
}
