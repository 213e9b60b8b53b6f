package dev.sluice.backends.openai.http;

/**
 * Where a server listens.
 *
 * @param secure whether it speaks TLS
 * @param host name or IP address, IPv6 without brackets
 * @param port 1 … 65535
 */
public record Origin(boolean secure, String host, int port) {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  /** The port that goes without saying. */
  public static int defaultPort(boolean secure) {
    return secure ? HTTPS_PORT : HTTP_PORT;
  }

  /** Host and port as the {@code Host} header has them. */
  String authority() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == defaultPort(secure) ? name : name + ":" + port;
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + authority();
  }
}
