package dev.sluice.backends.grpc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where a backend listens.
 *
 * @param host name or IP address, IPv6 without brackets
 * @param port 1 … 65535
 */
public record Address(String host, int port) {

  private static final int MOST_PORT = 65_535;

  /** Reads {@code HOST:PORT} or {@code [IPv6]:PORT}; empty if it is neither. */
  public static Optional<Address> parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = ""; // without brackets nobody can tell where the port begins
    }
    int port = port(text.substring(colon + 1));
    return isHost(host) && port >= 1 ? Optional.of(new Address(host, port)) : Optional.empty();
  }

  /** Whether gRPC can call {@code text} a host: whether it can be one in a URI. */
  private static boolean isHost(String text) {
    try {
      String host = new URI(null, null, text, -1, null, null, null).getHost();
      return text.equals(host) || ("[" + text + "]").equals(host);
    } catch (URISyntaxException _) {
      return false;
    }
  }

  private static int port(String digits) {
    try {
      int port = Integer.parseInt(digits);
      return port <= MOST_PORT ? port : -1;
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
