package dev.sluice.backends.sluice;

import com.google.protobuf.WireFormat;
import dev.sluice.backends.grpc.MalformedResponseException;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.Tokens;

/**
 * Looks at an encoded {@code sluice.v1.GenerateResponse} without decoding it: tells its event and,
 * for tokens, their index and count.
 *
 * <p>Checks all that a decoder would check, so that what is passed on undecoded can be decoded by
 * whoever receives it: lengths, wire types, UTF-8. Fields that this version does not know are
 * passed over, at both levels. One instance serves one stream, on one thread.
 */
final class ResponseScanner {

  private static final int MOST_VARINT_BYTES = 10;
  private static final int VARINT_BITS = 0x7f;

  private byte[] bytes = new byte[0];
  private int position;
  private int index;
  private int count;

  /**
   * Field number of the event in {@code message}: admitted, tokens or finished.
   *
   * @throws MalformedResponseException if it has none, or more than one, or is no such message
   */
  int scan(byte[] message) throws MalformedResponseException {
    bytes = message;
    position = 0;
    int event = 0;
    while (position < message.length) {
      int tag = readTag(message.length);
      int field = WireFormat.getTagFieldNumber(tag);
      if (field > GenerateResponse.FINISHED_FIELD_NUMBER) {
        skip(tag, message.length);
        continue;
      }
      require(event == 0, "two events in one message");
      require(
          WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED,
          "an event that is no message");
      int end = readEnd(message.length);
      if (field == GenerateResponse.TOKENS_FIELD_NUMBER) {
        scanTokens(end);
      }
      position = end;
      event = field;
    }
    require(event != 0, "no event");
    return event;
  }

  /** Index of the first token of the message scanned last. */
  int index() {
    return index;
  }

  /** Number of tokens of the message scanned last. */
  int count() {
    return count;
  }

  private void scanTokens(int end) throws MalformedResponseException {
    index = 0;
    count = 0;
    while (position < end) {
      int tag = readTag(end);
      switch (tag) {
        case (Tokens.INDEX_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_VARINT ->
            index = (int) readVarint(end);
        case (Tokens.COUNT_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_VARINT ->
            count = (int) readVarint(end);
        case (Tokens.TEXT_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
          int textEnd = readEnd(end);
          require(Utf8.isWellFormed(bytes, position, textEnd), "tokens.text that is not UTF-8");
          position = textEnd;
        }
        case (Tokens.IDS_FIELD_NUMBER << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
          int idsEnd = readEnd(end);
          while (position < idsEnd) {
            readVarint(idsEnd);
          }
        }
        default -> skip(tag, end);
      }
    }
    require(index >= 0, "tokens.index above 2147483647");
    require(count >= 1, "tokens.count that is not 1 to 2147483647");
    require(index <= Integer.MAX_VALUE - count, "tokens beyond index 2147483647");
  }

  private void skip(int tag, int end) throws MalformedResponseException {
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> readVarint(end);
      case WireFormat.WIRETYPE_FIXED64 -> advance(Long.BYTES, end);
      case WireFormat.WIRETYPE_FIXED32 -> advance(Integer.BYTES, end);
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> position = readEnd(end);
      default -> throw new MalformedResponseException("an unknown wire type");
    }
  }

  private int readTag(int end) throws MalformedResponseException {
    int tag = (int) readVarint(end);
    require(WireFormat.getTagFieldNumber(tag) > 0, "field number 0");
    return tag;
  }

  /** Reads a length and returns where that many bytes end. */
  private int readEnd(int end) throws MalformedResponseException {
    long length = readVarint(end);
    require(length >= 0 && length <= end - position, "a field longer than its message");
    return position + (int) length;
  }

  private void advance(int length, int end) throws MalformedResponseException {
    require(length <= end - position, "a field longer than its message");
    position += length;
  }

  private long readVarint(int end) throws MalformedResponseException {
    long value = 0;
    for (int i = 0; i < MOST_VARINT_BYTES; i++) {
      require(position < end, "a number that is cut off");
      byte next = bytes[position++];
      value |= (long) (next & VARINT_BITS) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new MalformedResponseException("a number of more than 10 bytes");
  }

  private static void require(boolean holds, String otherwise) throws MalformedResponseException {
    if (!holds) {
      throw new MalformedResponseException(otherwise);
    }
  }
}
