package dev.sluice.backends.openai.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is sent.
 *
 * @param method {@code GET} or {@code POST}
 * @param target path and query
 * @param headers names and values in turn, beside those that every request has
 * @param body its body; empty for none. Not copied
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and large
public record Request(String method, String target, List<String> headers, byte[] body) {

  private static final int MOST_HEAD_CHARACTERS = 512;

  public Request {
    headers = List.copyOf(headers);
    if (headers.size() % 2 != 0) {
      throw new IllegalArgumentException(
          "headers: " + headers.size() + " (expected: names and values)");
    }
    checkLine(method);
    checkLine(target);
    headers.forEach(Request::checkLine);
  }

  /** A request without a body. */
  public static Request get(String target, List<String> headers) {
    return new Request("GET", target, headers, new byte[0]);
  }

  /** A line within a value would be a header of somebody else's making. */
  private static void checkLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        throw new IllegalArgumentException(
            "header: character " + (int) c + " (expected: printable ASCII)");
      }
    }
  }

  /** Head and body as they are sent: in one piece, so that neither waits for the other. */
  byte[] encoded(Origin origin) {
    StringBuilder head = new StringBuilder(MOST_HEAD_CHARACTERS);
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    header(head, "Host", origin.authority());
    header(head, "User-Agent", "sluice");
    // no compression: a token gains nothing, and a bomb has no way in
    header(head, "Accept-Encoding", "identity");
    for (int i = 0; i < headers.size(); i += 2) {
      header(head, headers.get(i), headers.get(i + 1));
    }
    if (body.length > 0) {
      header(head, "Content-Length", Integer.toString(body.length));
    }
    byte[] encodedHead = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[encodedHead.length + body.length];
    System.arraycopy(encodedHead, 0, all, 0, encodedHead.length);
    System.arraycopy(body, 0, all, encodedHead.length, body.length);
    return all;
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /** Tells no header and no body: credentials and prompts are in them. */
  @Override
  public String toString() {
    return method + " " + target;
  }
}
