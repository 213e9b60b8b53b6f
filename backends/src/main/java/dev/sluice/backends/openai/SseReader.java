package dev.sluice.backends.openai;

import java.util.Arrays;

/**
 * Splits a stream of server-sent events (WHATWG HTML, 9.2) into the data of each, however its bytes
 * are cut up.
 *
 * <p>Lines end with LF, CR or both; comments and fields other than {@code data} are skipped; one
 * space after the colon belongs to the colon. The bytes of an event are not looked into, so a
 * character may be split as it likes.
 */
final class SseReader {

  /** Far beyond any event of an engine, which is one token and its figures. */
  static final int MOST_EVENT_BYTES = 1024 * 1024;

  static final String TOO_LARGE = "event: more than " + MOST_EVENT_BYTES + " bytes";

  /** An event of an engine; longer lines are rare. */
  private static final int FIRST_BYTES = 256;

  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  /** Takes the data of one event; the bytes are only good for the length of the call. */
  interface Sink {
    /** Takes the next event's data. */
    void event(byte[] bytes, int offset, int length);
  }

  /** An event has more than {@value #MOST_EVENT_BYTES} bytes. */
  static final class TooLargeException extends RuntimeException {
    TooLargeException() {
      super(TOO_LARGE);
    }
  }

  /** The line that is not complete yet. */
  private byte[] line = new byte[FIRST_BYTES];

  private int lineLength;

  /** The data lines of the event that is not complete yet, with a line feed after each. */
  private byte[] data = new byte[FIRST_BYTES];

  private int dataLength;
  private boolean afterCarriageReturn;
  private boolean atStart = true;

  /** Takes the next bytes of the stream. */
  void feed(byte[] bytes, int offset, int length, Sink sink) {
    int end = offset + length;
    int at = offset;
    while (at < end) {
      int from = at;
      while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
        at++;
      }
      if (at > from) {
        afterCarriageReturn = false;
        addToLine(bytes, from, at);
      }
      if (at < end) {
        byte b = bytes[at++];
        if (b == '\n' && afterCarriageReturn) {
          afterCarriageReturn = false;
        } else {
          afterCarriageReturn = b == '\r';
          endLine(sink);
        }
      }
    }
  }

  private void addToLine(byte[] bytes, int from, int to) {
    int length = lineLength + to - from;
    if (length > MOST_EVENT_BYTES) {
      throw new TooLargeException();
    }
    if (length > line.length) {
      line = Arrays.copyOf(line, 2 * length);
    }
    System.arraycopy(bytes, from, line, lineLength, to - from);
    lineLength = length;
  }

  /** Takes the end of the stream: an event that lacks only its empty line is taken too. */
  void end(Sink sink) {
    if (lineLength > 0) {
      endLine(sink);
    }
    dispatch(sink);
  }

  private void endLine(Sink sink) {
    int from = atStart && startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    atStart = false;
    int length = lineLength;
    lineLength = 0;
    if (length == from) {
      dispatch(sink);
      return;
    }
    int colon = from;
    while (colon < length && line[colon] != ':') {
      colon++;
    }
    if (!Arrays.equals(line, from, colon, DATA, 0, DATA.length)) {
      return;
    }
    int value = colon + 1;
    if (value < length && line[value] == ' ') {
      value++;
    }
    append(Math.min(value, length), length);
  }

  private boolean startsWith(byte[] prefix) {
    return lineLength >= prefix.length
        && Arrays.equals(line, 0, prefix.length, prefix, 0, prefix.length);
  }

  private void append(int from, int to) {
    int end = dataLength + to - from + 1;
    if (end > MOST_EVENT_BYTES) {
      throw new TooLargeException();
    }
    if (end > data.length) {
      data = Arrays.copyOf(data, 2 * end);
    }
    System.arraycopy(line, from, data, dataLength, to - from);
    data[end - 1] = '\n';
    dataLength = end;
  }

  private void dispatch(Sink sink) {
    int length = dataLength;
    dataLength = 0;
    if (length > 1) {
      sink.event(data, 0, length - 1);
    }
  }
}
