package dev.sluice.backends.openai.http;

import java.util.Map;

/**
 * What is sent.
 *
 * @param method {@code GET} or {@code POST}
 * @param target path and query
 * @param headers by name, beside those that every request has
 * @param body its body; empty for none. Not copied
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and large
public record Request(String method, String target, Map<String, String> headers, byte[] body) {

  public Request {
    headers = Map.copyOf(headers);
  }

  /** A request without a body. */
  public static Request get(String target, Map<String, String> headers) {
    return new Request("GET", target, headers, new byte[0]);
  }

  /** Tells no header and no body: credentials and prompts are in them. */
  @Override
  public String toString() {
    return method + " " + target;
  }
}
