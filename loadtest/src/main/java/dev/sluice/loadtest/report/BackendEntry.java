package dev.sluice.loadtest.report;

/**
 * One generation in a backend's own books.
 *
 * @param requestId the request's id as the backend was told
 * @param firstIndex index of the first token that was sent
 * @param tokens tokens handed to the transport
 */
public record BackendEntry(String backend, String requestId, int firstIndex, int tokens, End end) {

  /** What became of it. */
  public enum End {
    REFUSED,
    COMPLETED,
    FAILED,
    CANCELLED,
    /** Its process was gone before it had an end. */
    DIED,
    /** It has no end, and its process is there. */
    RUNNING;

    String key() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
