package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.transport.Checks;
import dev.sluice.gateway.transport.Headers;
import dev.sluice.gateway.transport.UnreadableException;

/** Names that a request has in its headers. */
final class RequestNames {

  static final String ID = "x-request-id";

  private static final String SESSION = "x-session-id";

  private RequestNames() {}

  /** The caller's id for the request; empty when it has none. */
  static String id(Headers headers) throws UnreadableException {
    return only(ID, headers);
  }

  /** What the request is better kept together with; the body's word comes first. */
  static String session(Headers headers, String inBody) throws UnreadableException {
    String inHeaders = only(SESSION, headers);
    return inBody.isEmpty() ? inHeaders : inBody;
  }

  private static String only(String name, Headers headers) throws UnreadableException {
    String found = "";
    Iterable<String> values = headers.all(name);
    if (values != null) {
      for (String value : values) {
        Checks.name(name, value);
        if (!found.isEmpty() && !found.equals(value)) {
          throw UnreadableException.malformed(
              "%s: '%s' contradicts '%s' (expected: one value)".formatted(name, value, found));
        }
        found = value;
      }
    }
    return found;
  }
}
