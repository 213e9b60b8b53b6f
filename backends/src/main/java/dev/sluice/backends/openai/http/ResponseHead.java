package dev.sluice.backends.openai.http;

import java.util.Optional;
import org.eclipse.jetty.client.Response;

/** Status and headers of an answer. */
public final class ResponseHead {

  private final Response response;

  private ResponseHead(Response response) {
    this.response = response;
  }

  /**
   * The head of {@code response}.
   *
   * @throws MalformedResponseException if its body is of a coding that is not taken
   */
  static ResponseHead of(Response response) throws MalformedResponseException {
    ResponseHead head = new ResponseHead(response);
    head.expect("content-encoding", "identity");
    head.expect("transfer-encoding", "chunked");
    return head;
  }

  private void expect(String name, String coding) throws MalformedResponseException {
    if (!header(name).orElse(coding).equalsIgnoreCase(coding)) {
      throw new MalformedResponseException(name + ": another than " + coding);
    }
  }

  /** The status code. */
  public int status() {
    return response.getStatus();
  }

  /** First value of the header {@code name}, in whatever case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(response.getHeaders().get(name));
  }

  /** Tells the status, not the headers. */
  @Override
  public String toString() {
    return "HTTP " + status();
  }
}
