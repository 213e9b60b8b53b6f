package dev.sluice.backends;

/**
 * What a generation's events are delivered to: any number of chunks, then exactly one of {@link
 * #finished} and {@link #failed}, then nothing. Calls never overlap. Implementations do not block
 * and do not throw.
 */
public interface TokenSink {

  /** Takes the next tokens; chunks arrive in the order of their indexes. */
  void tokens(TokenChunk chunk);

  /** Takes the regular end; all tokens were delivered before. */
  void finished(Completion completion);

  /** Takes the irregular end; what was delivered before is valid but not the whole answer. */
  void failed(BackendFailure failure);
}
