package dev.sluice.backends.openai.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Status and headers of an answer. */
public final class ResponseHead {

  private static final int STATUS_AT = 9;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final int status;
  private final boolean persistent;

  /** Names in lower case, and values. */
  private final List<String> fields = new ArrayList<>();

  private ResponseHead(int status, boolean persistent) {
    this.status = status;
    this.persistent = persistent;
  }

  /**
   * Reads the lines of a head.
   *
   * @throws MalformedResponseException if they are none
   */
  static ResponseHead parse(List<String> lines) throws MalformedResponseException {
    String first = lines.isEmpty() ? "" : lines.getFirst();
    boolean isHttp = first.startsWith("HTTP/1.1 ") || first.startsWith("HTTP/1.0 ");
    if (!isHttp || first.length() < STATUS_AT + 3) {
      throw new MalformedResponseException("status line: none (expected: HTTP/1.1 and a status)");
    }
    ResponseHead head =
        new ResponseHead(status(first.substring(STATUS_AT, STATUS_AT + 3)), first.charAt(7) == '1');
    for (String line : lines.subList(1, lines.size())) {
      head.add(line);
    }
    return head;
  }

  private static int status(String digits) throws MalformedResponseException {
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        throw new MalformedResponseException("status: not a number (expected: 100 to 999)");
      }
    }
    return Integer.parseInt(digits);
  }

  private void add(String line) throws MalformedResponseException {
    int colon = line.indexOf(':');
    if (colon <= 0 || line.charAt(0) <= ' ' || line.charAt(colon - 1) <= ' ') {
      throw new MalformedResponseException("header: no name before its colon");
    }
    fields.add(line.substring(0, colon).toLowerCase(Locale.ROOT));
    fields.add(line.substring(colon + 1).strip());
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** First value of the header {@code name}, which is in lower case. */
  public Optional<String> header(String name) {
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).equals(name)) {
        return Optional.of(fields.get(i + 1));
      }
    }
    return Optional.empty();
  }

  /** Whether it only announces the head that counts. */
  boolean isInterim() {
    return status < 200;
  }

  boolean hasNoBody() {
    return status == NO_CONTENT || status == NOT_MODIFIED;
  }

  /** Whether the connection may serve another exchange. */
  boolean keepsConnection() {
    String connection = header("connection").orElse("").toLowerCase(Locale.ROOT);
    return persistent ? !connection.contains("close") : connection.contains("keep-alive");
  }

  boolean isChunked() throws MalformedResponseException {
    Optional<String> coding = header("transfer-encoding");
    if (coding.isPresent() && !coding.get().equalsIgnoreCase("chunked")) {
      throw new MalformedResponseException("transfer-encoding: another than chunked");
    }
    return coding.isPresent();
  }

  /** Length of the body; -1 when it is not said. */
  long contentLength() throws MalformedResponseException {
    long length = -1;
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).equals("content-length")) {
        long said = length(fields.get(i + 1));
        if (length >= 0 && said != length) {
          throw new MalformedResponseException("content-length: two that differ");
        }
        length = said;
      }
    }
    return length;
  }

  private static long length(String digits) throws MalformedResponseException {
    try {
      long length = digits.isEmpty() || digits.charAt(0) == '+' ? -1 : Long.parseLong(digits);
      if (length >= 0) {
        return length;
      }
    } catch (NumberFormatException _) {
      // the message below says it
    }
    throw new MalformedResponseException("content-length: not a length");
  }

  /** Tells the status, not the headers. */
  @Override
  public String toString() {
    return "HTTP " + status;
  }
}
