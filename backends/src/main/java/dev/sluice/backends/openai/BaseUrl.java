package dev.sluice.backends.openai;

import dev.sluice.backends.openai.http.Origin;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where an engine's API begins, as OpenAI's clients are told it, such as {@code
 * http://127.0.0.1:8080/v1}.
 *
 * @param origin the server
 * @param path what comes before {@code /chat/completions}; empty or from a slash on, without one at
 *     its end
 */
record BaseUrl(Origin origin, String path) {

  private static final String VERSION = "/v1";
  private static final int MOST_PORT = 65_535;

  /** Reads a URL; empty if it is none, or one with a user, a query or a fragment. */
  static Optional<BaseUrl> parse(String text) {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
    boolean secure = "https".equals(uri.getScheme());
    boolean isPlain =
        uri.getHost() != null
            && uri.getRawUserInfo() == null
            && uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && uri.getPort() != 0
            && uri.getPort() <= MOST_PORT;
    if (!isPlain || !(secure || "http".equals(uri.getScheme()))) {
      return Optional.empty();
    }
    String host = uri.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = uri.getPort() < 0 ? Origin.defaultPort(secure) : uri.getPort();
    return Optional.of(new BaseUrl(new Origin(secure, host, port), withoutEnd(uri.getRawPath())));
  }

  private static String withoutEnd(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  /** Target of the API's {@code name}, such as {@code /chat/completions}. */
  String api(String name) {
    return path + name;
  }

  /** Target of what stands beside the API, such as {@code /metrics}. */
  String beside(String name) {
    return (path.endsWith(VERSION) ? path.substring(0, path.length() - VERSION.length()) : path)
        + name;
  }

  @Override
  public String toString() {
    return origin + path;
  }
}
