package dev.sluice.loadtest.workload;

import org.jspecify.annotations.Nullable;

/**
 * A pull parser of JSON text, from one line or from a stream of documents. It holds one buffer of
 * the text at a time, so that a document of any size takes no more memory than what its reader
 * keeps.
 *
 * <p>An object is read as {@code for (boolean more = json.openObject(); more; more =
 * json.nextMember())} with a switch over {@link #key}, a list as {@code for (boolean more =
 * json.openList(); more; more = json.nextItem())}. Each value must be read or skipped.
 */
final class JsonText {
  /** Where the text of a stream comes from. */
  interface Source {
    /** Puts the next characters into the array; how many, or -1 at the end. */
    int fill(char[] into);
  }

  /** Names and labels; a text that is longer is no trace. */
  private static final int MAX_TEXT_CHARACTERS = 1 << 16;

  private static final int MAX_NUMBER_CHARACTERS = 64;
  private static final int MAX_DEPTH = 64;
  private static final int STREAM_BUFFER_CHARACTERS = 1 << 14;

  private final @Nullable Source source;
  private final boolean documentPerLine;
  private final StringBuilder scratch = new StringBuilder();
  private char[] buffer;
  private int position;
  private int limit;
  private int line = 1;
  private long columnsBefore;
  private String key = "";

  /** A parser of single lines; see {@link #startLine}. */
  JsonText() {
    source = null;
    documentPerLine = true;
    buffer = new char[256];
  }

  /**
   * A parser of a stream of documents.
   *
   * @param documentPerLine whether a document ends with its line; one that is cut off then does not
   *     spoil the next
   */
  JsonText(Source source, boolean documentPerLine) {
    this.source = source;
    this.documentPerLine = documentPerLine;
    buffer = new char[STREAM_BUFFER_CHARACTERS];
  }

  /** Begins with a line, in place of what was read so far. */
  void startLine(String text) {
    if (buffer.length < text.length()) {
      buffer = new char[Math.max(text.length(), 2 * buffer.length)];
    }
    text.getChars(0, text.length(), buffer, 0);
    position = 0;
    limit = text.length();
    columnsBefore = 0;
  }

  /** Number of the line where reading stands, from 1. */
  int lineNumber() {
    return line;
  }

  /** Where reading stands in its line, from 1. */
  long column() {
    return columnsBefore + position + 1;
  }

  /** Whether anything but blanks is left. */
  boolean hasMore() {
    int c = peekHere();
    while (c >= 0 && Character.isWhitespace(c)) {
      next();
      c = peekHere();
    }
    return c >= 0;
  }

  /** Opens an object; whether it has a member, whose key has then been read. */
  boolean openObject() throws Malformed {
    expect('{');
    if (accept('}')) {
      return false;
    }
    readKey();
    return true;
  }

  /** Goes from a value to the next member of its object; false when the object ends. */
  boolean nextMember() throws Malformed {
    if (accept(',')) {
      readKey();
      return true;
    }
    expect('}');
    return false;
  }

  /** The key of the member whose value comes next. */
  String key() {
    return key;
  }

  /** Opens a list; whether it has an item. */
  boolean openList() throws Malformed {
    expect('[');
    return !accept(']');
  }

  /** Goes from an item to the next of its list; false when the list ends. */
  boolean nextItem() throws Malformed {
    if (accept(',')) {
      return true;
    }
    expect(']');
    return false;
  }

  private void readKey() throws Malformed {
    key = text();
    expect(':');
  }

  /** A text value. */
  String text() throws Malformed {
    expect('"');
    long start = column();
    scratch.setLength(0);
    for (int c = peekHere(); c != '"'; c = peekHere()) {
      if (c < 0 || c == '\n') {
        throw new Malformed("column " + start + ": open text (expected: a closing quote)");
      }
      if (scratch.length() == MAX_TEXT_CHARACTERS) {
        throw at("text (expected: at most " + MAX_TEXT_CHARACTERS + " characters)");
      }
      position++;
      scratch.append(c == '\\' ? escaped() : (char) c);
    }
    position++;
    return scratch.toString();
  }

  private char escaped() throws Malformed {
    int c = next();
    return switch (c) {
      case '"', '\\', '/' -> (char) c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> codePoint();
      default -> throw at("escape (expected: one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u)");
    };
  }

  private char codePoint() throws Malformed {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(next(), 16);
      if (digit < 0) {
        throw at("escape (expected: four hexadecimal digits)");
      }
      value = 16 * value + digit;
    }
    return (char) value;
  }

  /** A whole number. */
  long wholeNumber() throws Malformed {
    boolean negative = accept('-');
    int c = peek();
    if (c < '0' || c > '9') {
      throw at("(expected: a whole number)");
    }
    long value = 0;
    boolean fits = true;
    for (; c >= '0' && c <= '9'; c = peekHere()) {
      fits &= value < 922_337_203_685_477_580L;
      value = fits ? 10 * value + (c - '0') : value;
      position++;
    }
    if (!fits) {
      throw at("number out of range");
    }
    if (c == '.' || c == 'e' || c == 'E') {
      throw at("(expected: a whole number)");
    }
    return negative ? -value : value;
  }

  /** A number as it is written. */
  String numberText() throws Malformed {
    peek();
    scratch.setLength(0);
    for (int c = peekHere(); isOfNumber(c); c = peekHere()) {
      if (scratch.length() == MAX_NUMBER_CHARACTERS) {
        throw at("number (expected: at most " + MAX_NUMBER_CHARACTERS + " characters)");
      }
      scratch.append((char) c);
      position++;
    }
    if (scratch.isEmpty()) {
      throw at("(expected: a number)");
    }
    return scratch.toString();
  }

  /** A finite number. */
  double number() throws Malformed {
    String text = numberText();
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException _) {
      value = Double.NaN;
    }
    if (!Double.isFinite(value)) {
      throw at(text + " (expected: a number)");
    }
    return value;
  }

  /** A text or a number, as text; empty for null. */
  String label() throws Malformed {
    int c = peek();
    if (c == '"') {
      return text();
    }
    return acceptNull() ? "" : numberText();
  }

  private static boolean isOfNumber(int c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  }

  /** Whether the value is null, which has then been read. */
  boolean acceptNull() throws Malformed {
    if (peek() != 'n') {
      return false;
    }
    skipWord("null");
    return true;
  }

  /** Reads past a value of any kind. */
  void skip() throws Malformed {
    skip(0);
  }

  private void skip(int depth) throws Malformed {
    if (depth == MAX_DEPTH) {
      throw at("nesting (expected: at most " + MAX_DEPTH + " levels)");
    }
    switch (peek()) {
      case '{' -> {
        for (boolean more = openObject(); more; more = nextMember()) {
          skip(depth + 1);
        }
      }
      case '[' -> {
        for (boolean more = openList(); more; more = nextItem()) {
          skip(depth + 1);
        }
      }
      case '"' -> text();
      case 't' -> skipWord("true");
      case 'f' -> skipWord("false");
      case 'n' -> skipWord("null");
      default -> numberText();
    }
  }

  private void skipWord(String word) throws Malformed {
    for (int i = 0; i < word.length(); i++) {
      if (next() != word.charAt(i)) {
        throw at("(expected: " + word + ")");
      }
    }
  }

  /** Checks that a line holds nothing more. */
  void expectEnd() throws Malformed {
    if (peek() >= 0) {
      throw at("more text (expected: end of line)");
    }
  }

  /** Gives up the document: goes on at the next line, or the next that begins with an object. */
  void skipDocument() {
    boolean lineStart = false;
    for (int c = peekHere(); c >= 0 && !isStart(lineStart, c); c = peekHere()) {
      next();
      lineStart = c == '\n';
    }
  }

  private boolean isStart(boolean lineStart, int c) {
    return lineStart && (documentPerLine || c == '{');
  }

  private void expect(char wanted) throws Malformed {
    if (!accept(wanted)) {
      throw at("(expected: " + wanted + ")");
    }
  }

  private boolean accept(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    position++;
    return true;
  }

  /** The next character that is not blank, which stays to be read; -1 where the document ends. */
  private int peek() {
    int c = peekHere();
    while (c >= 0 && Character.isWhitespace(c)) {
      if (documentPerLine && c == '\n') {
        return -1;
      }
      next();
      c = peekHere();
    }
    return c;
  }

  private int peekHere() {
    return position < limit || refill() ? buffer[position] : -1;
  }

  private int next() {
    int c = peekHere();
    if (c >= 0) {
      position++;
    }
    if (c == '\n') {
      line++;
      columnsBefore = -position;
    }
    return c;
  }

  private boolean refill() {
    if (source == null) {
      return false;
    }
    columnsBefore += position;
    position = 0;
    limit = Math.max(0, source.fill(buffer));
    return limit > 0;
  }

  /** A complaint about the place where reading stands. */
  Malformed at(String complaint) {
    return new Malformed("column " + column() + ": " + complaint);
  }

  @Override
  public String toString() {
    return "JsonText[line " + line + ", column " + column() + "]";
  }
}
