package dev.sluice.gateway.transport.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * JSON being put together as bytes of UTF-8.
 *
 * <p>Beyond what JSON asks for, every character is escaped that some reader of lines takes for the
 * end of one (U+0085, U+2028, U+2029), and half a surrogate pair becomes U+FFFD: no text can split
 * an event or break a reader.
 */
final class JsonBytes {

  private static final int FIRST_BYTES = 512;

  /** A character becomes six bytes at most. */
  private static final int MOST_BYTES_PER_CHARACTER = 6;

  /** Characters for which room is made at once. */
  private static final int STRIDE = 1024;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] REPLACEMENT = "\ufffd".getBytes(StandardCharsets.UTF_8);
  private static final long NANOS_PER_MICRO = 1_000;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  /** The bytes so far; those after {@link #length} mean nothing. */
  byte[] array() {
    return bytes;
  }

  int length() {
    return length;
  }

  JsonBytes clear() {
    length = 0;
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Adds bytes that are JSON already. */
  JsonBytes raw(byte[] json) {
    return raw(json, 0, json.length);
  }

  JsonBytes raw(byte[] json, int from, int count) {
    makeRoom(count);
    System.arraycopy(json, from, bytes, length, count);
    length += count;
    return this;
  }

  /** Adds JSON of ASCII characters. */
  JsonBytes raw(String json) {
    makeRoom(json.length());
    for (int i = 0; i < json.length(); i++) {
      bytes[length++] = (byte) json.charAt(i);
    }
    return this;
  }

  JsonBytes number(long value) {
    return raw(Long.toString(value));
  }

  /** Adds a length of time as milliseconds, to the microsecond. */
  JsonBytes millis(long nanos) {
    return raw(millisText(nanos));
  }

  /** A length of time as milliseconds, to the microsecond. */
  static String millisText(long nanos) {
    long micros = Math.max(0, nanos) / NANOS_PER_MICRO;
    long rest = micros % 1000;
    return micros / 1000 + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") + rest;
  }

  /** Adds a string, or null. */
  JsonBytes string(@Nullable String text) {
    return text == null ? raw("null") : raw("\"").escaped(text).raw("\"");
  }

  /** Adds what stands between the quotes of a string. */
  JsonBytes escaped(CharSequence text) {
    int end = text.length();
    for (int i = 0; i < end; i++) {
      if (i % STRIDE == 0) {
        makeRoom(MOST_BYTES_PER_CHARACTER * Math.min(STRIDE + 1, end - i));
      }
      char c = text.charAt(i);
      if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
        bytes[length++] = (byte) c;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        pair(Character.toCodePoint(c, text.charAt(++i)));
        makeRoom(MOST_BYTES_PER_CHARACTER * Math.min(STRIDE + 1, end - i));
      } else {
        special(c);
      }
    }
    return this;
  }

  private void special(char c) {
    switch (c) {
      case '"', '\\' -> {
        bytes[length++] = '\\';
        bytes[length++] = (byte) c;
      }
      case '\n' -> {
        bytes[length++] = '\\';
        bytes[length++] = 'n';
      }
      case '\u0085', '\u2028', '\u2029' -> unicodeEscape(c);
      default -> {
        if (c < 0x20 || c == 0x7f) {
          unicodeEscape(c);
        } else if (Character.isSurrogate(c)) {
          for (byte b : REPLACEMENT) {
            bytes[length++] = b;
          }
        } else if (c < 0x800) {
          bytes[length++] = (byte) (0xc0 | (c >> 6));
          bytes[length++] = (byte) (0x80 | (c & 0x3f));
        } else {
          bytes[length++] = (byte) (0xe0 | (c >> 12));
          bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
          bytes[length++] = (byte) (0x80 | (c & 0x3f));
        }
      }
    }
  }

  private void unicodeEscape(char c) {
    bytes[length++] = '\\';
    bytes[length++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[(c >> shift) & 0xf];
    }
  }

  private void pair(int codePoint) {
    bytes[length++] = (byte) (0xf0 | (codePoint >> 18));
    bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
    bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
    bytes[length++] = (byte) (0x80 | (codePoint & 0x3f));
  }

  private void makeRoom(int count) {
    if (length + count > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
  }

  /** Tells the size but not the text, which is the caller's. */
  @Override
  public String toString() {
    return "JsonBytes[" + length + "]";
  }
}
