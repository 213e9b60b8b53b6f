package dev.sluice.backends;

/**
 * The handle on one running generation. Its methods may be called from any thread and never block.
 */
public interface BackendCall {

  /**
   * Allows the backend to deliver up to {@code chunks} more {@link TokenChunk}s; adds to what was
   * allowed before.
   *
   * <p>The end of the generation needs no permission.
   *
   * @param chunks at least 1
   */
  void request(int chunks);

  /**
   * Ends the generation and frees what it holds. The sink hears nothing of it, and at most the
   * event that is being delivered at this moment after it. Has no effect on a generation that has
   * ended.
   */
  void cancel();
}
