package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.transport.UnreadableException;
import java.util.Locale;
import org.eclipse.jetty.http.HttpFields;

/**
 * What a body must be: JSON, not compressed. A page of another site can make a browser send any
 * other type without asking, so the type is no formality.
 */
final class MediaType {

  private MediaType() {}

  static void check(HttpFields headers) throws UnreadableException {
    String type = headers.get("content-type");
    String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!bare.equals("application/json")) {
      throw UnreadableException.malformed("content-type: another (expected: application/json)");
    }
    String coding = headers.get("content-encoding");
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw UnreadableException.malformed("content-encoding: another (expected: none)");
    }
  }
}
