package dev.sluice.gateway;

import picocli.CommandLine;

/** A {@code HOST:PORT} on the command line. */
record Target(String host, int port) {

  static Target parse(String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port > 0 && port < 65536) {
        return new Target(text.substring(0, colon), port);
      }
    } catch (NumberFormatException e) {
      // the message below says it all
    }
    throw new CommandLine.TypeConversionException("'" + text + "' (expected: HOST:PORT)");
  }

  /** Reads targets for picocli. */
  static final class Converter implements CommandLine.ITypeConverter<Target> {
    @Override
    public Target convert(String text) {
      return parse(text);
    }
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
