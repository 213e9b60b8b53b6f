package dev.sluice.backends.openai.http;

import java.io.IOException;

/** What the server sent is not HTTP/1.1, or more than is taken. */
public final class MalformedResponseException extends IOException {
  MalformedResponseException(String message) {
    super(message);
  }
}
