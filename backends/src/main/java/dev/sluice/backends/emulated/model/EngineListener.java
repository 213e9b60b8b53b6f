package dev.sluice.backends.emulated.model;

/**
 * What an engine tells its caller while it advances. The tokens between the first and the last are
 * not told one by one: {@link Engine#tokens} counts them.
 */
public interface EngineListener {

  /** The sequence left the queue and its prompt is being processed. */
  default void admitted(Sequence sequence, long atNanos) {}

  /** The sequence's first token is out. Told once, also when the sequence is preempted later. */
  default void firstToken(Sequence sequence, long atNanos) {}

  /** The sequence lost its memory to older ones and waits to be computed anew. */
  default void preempted(Sequence sequence, long atNanos) {}

  /** All tokens of the sequence are out and what it held is free. */
  default void finished(Sequence sequence, long atNanos) {}
}
