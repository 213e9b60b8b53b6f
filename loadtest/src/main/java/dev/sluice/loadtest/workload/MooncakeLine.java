package dev.sluice.loadtest.workload;

import java.util.Arrays;

/**
 * Reader of one Mooncake line: a flat JSON object of whole numbers and one list of whole numbers,
 * in any order. Anything else makes the line unusable.
 */
final class MooncakeLine {
  private static final long ABSENT = Long.MIN_VALUE;

  private final String text;
  private int position;
  private long timestampMillis = ABSENT;
  private long inputTokens = ABSENT;
  private long outputTokens = ABSENT;
  private int[] ids = new int[32];
  private int idCount;

  private MooncakeLine(String text) {
    this.text = text;
  }

  static TraceLine parse(String text) {
    MooncakeLine line = new MooncakeLine(text);
    try {
      line.readObject();
      return line.toTraceLine();
    } catch (Malformed malformed) {
      return TraceLine.Unusable.broken(malformed.getMessage());
    } catch (ArithmeticException | NumberFormatException _) {
      return TraceLine.Unusable.broken("column " + (line.position + 1) + ": number out of range");
    }
  }

  private TraceLine toTraceLine() throws Malformed {
    if (timestampMillis == ABSENT || inputTokens == ABSENT || outputTokens == ABSENT) {
      throw new Malformed("a field is missing (expected: timestamp, input_length, output_length)");
    }
    long atNanos = Math.multiplyExact(timestampMillis, 1_000_000L);
    TraceLine line =
        TraceLine.of(atNanos, inputTokens, outputTokens, PrefixBlocks.of(ids, idCount));
    long expected = Math.ceilDiv(inputTokens, PrefixBlocks.BLOCK_TOKENS);
    if (line instanceof TraceLine.Parsed && idCount > 0 && idCount != expected) {
      throw new Malformed(
          "hash_ids: %d ids for %d tokens (expected: %d)"
              .formatted(idCount, inputTokens, expected));
    }
    return line;
  }

  private void readObject() throws Malformed {
    expect('{');
    do {
      String key = readKey();
      expect(':');
      switch (key) {
        case "timestamp" -> timestampMillis = readWholeNumber();
        case "input_length" -> inputTokens = readWholeNumber();
        case "output_length" -> outputTokens = readWholeNumber();
        case "hash_ids" -> readIds();
        default -> throw new Malformed("field: " + key + " (expected: a Mooncake field)");
      }
    } while (accept(','));
    expect('}');
    skipBlanks();
    if (position < text.length()) {
      throw new Malformed("column " + (position + 1) + ": more text (expected: end of line)");
    }
  }

  private void readIds() throws Malformed {
    expect('[');
    if (accept(']')) {
      return;
    }
    do {
      if (idCount == ids.length) {
        ids = Arrays.copyOf(ids, idCount * 2);
      }
      ids[idCount++] = Math.toIntExact(readWholeNumber());
    } while (accept(','));
    expect(']');
  }

  private String readKey() throws Malformed {
    expect('"');
    int end = text.indexOf('"', position);
    if (end < 0) {
      throw new Malformed("column " + (position + 1) + ": open text (expected: a closing quote)");
    }
    String key = text.substring(position, end);
    position = end + 1;
    return key;
  }

  private long readWholeNumber() throws Malformed {
    skipBlanks();
    int start = position;
    if (position < text.length() && text.charAt(position) == '-') {
      position++;
    }
    while (position < text.length() && Character.isDigit(text.charAt(position))) {
      position++;
    }
    if (position == start) {
      throw new Malformed("column " + (start + 1) + ": (expected: a whole number)");
    }
    return Long.parseLong(text, start, position, 10);
  }

  private void expect(char wanted) throws Malformed {
    if (!accept(wanted)) {
      throw new Malformed("column " + (position + 1) + ": (expected: " + wanted + ")");
    }
  }

  private boolean accept(char wanted) {
    skipBlanks();
    if (position < text.length() && text.charAt(position) == wanted) {
      position++;
      return true;
    }
    return false;
  }

  private void skipBlanks() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  /** A line that is no such object. */
  private static final class Malformed extends Exception {
    Malformed(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
