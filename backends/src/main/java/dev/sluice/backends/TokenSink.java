package dev.sluice.backends;

/**
 * What a generation's events are delivered to: any number of chunks, then exactly one of {@link
 * #finished} and {@link #failed}, then nothing. Calls never overlap. Implementations do not block
 * and do not throw.
 */
public interface TokenSink {

  /** Takes the next tokens; chunks arrive in the order of their indexes. */
  void tokens(TokenChunk chunk);

  /**
   * Takes that the backend has no room for new work for {@code nanos}, while this generation goes
   * on; at most once, before the end. Who keeps sending is refused by the backend.
   */
  default void pushedBack(long nanos) {}

  /** Takes the regular end; all tokens were delivered before. */
  void finished(Completion completion);

  /** Takes the irregular end; what was delivered before is valid but not the whole answer. */
  void failed(BackendFailure failure);
}
