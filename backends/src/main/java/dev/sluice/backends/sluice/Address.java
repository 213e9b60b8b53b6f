package dev.sluice.backends.sluice;

import dev.sluice.backends.InvalidSettingException;

/**
 * Where a backend listens.
 *
 * @param host name or IP address, IPv6 without brackets
 * @param port 1 … 65535
 */
record Address(String host, int port) {

  private static final int MOST_PORT = 65_535;

  /**
   * Reads {@code HOST:PORT} or {@code [IPv6]:PORT}.
   *
   * @throws InvalidSettingException if it is neither
   */
  static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      host = ""; // without brackets nobody can tell where the port begins
    }
    int port = port(text.substring(colon + 1));
    if (host.isEmpty() || port < 1 || host.chars().anyMatch(c -> c <= ' ' || c == '/')) {
      throw new InvalidSettingException("address", text, "HOST:PORT");
    }
    return new Address(host, port);
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
