package dev.sluice.gateway;

import dev.sluice.gateway.config.GatewayConfig;
import java.io.IOException;

/** Opens a listener, and names its address when it cannot be opened. */
@FunctionalInterface
interface Listening<T> {

  /** Opens it. */
  T open() throws IOException;

  /** One that is there already and only begins to listen. */
  @FunctionalInterface
  interface Start {

    /** Begins. */
    void start() throws IOException;
  }

  /**
   * What {@code listening} opens on {@code address}.
   *
   * @throws IOException if the address is in use or not ours; the message begins with it
   */
  static <T> T on(GatewayConfig.Address address, Listening<T> listening) throws IOException {
    try {
      return listening.open();
    } catch (IOException | RuntimeException e) {
      // an address that cannot be resolved is an unchecked exception to the sockets
      throw new IOException(address + ": " + reason(e), e);
    }
  }

  /** See {@link #on(GatewayConfig.Address, Listening)}. */
  static void begin(GatewayConfig.Address address, Start start) throws IOException {
    boolean _ =
        on(
            address,
            () -> {
              start.start();
              return true;
            });
  }

  /** The innermost message tells what is wrong ("Address already in use"). */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message != null ? message : cause.getClass().getSimpleName();
  }
}
