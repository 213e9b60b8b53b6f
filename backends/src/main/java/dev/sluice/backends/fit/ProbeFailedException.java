package dev.sluice.backends.fit;

import java.io.Serial;

/** The engine did not answer a probe; the message says why, in one line. */
final class ProbeFailedException extends Exception {

  @Serial private static final long serialVersionUID = 1;

  ProbeFailedException(String message) {
    super(message);
  }
}
