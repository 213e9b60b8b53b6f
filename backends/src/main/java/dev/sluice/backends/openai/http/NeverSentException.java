package dev.sluice.backends.openai.http;

import java.io.IOException;

/** No byte of the request reached the server. */
public final class NeverSentException extends IOException {
  NeverSentException(String message) {
    super(message);
  }
}
