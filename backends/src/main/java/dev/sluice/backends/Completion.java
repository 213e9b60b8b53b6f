package dev.sluice.backends;

/**
 * The regular end of a generation.
 *
 * @param reason why it ended
 * @param inputTokens tokens of the prompt as the backend counted them
 * @param outputTokens tokens of the answer as the backend counted them
 * @param cachedInputTokens tokens of the prompt that came from a prefix cache
 */
public record Completion(Reason reason, int inputTokens, int outputTokens, int cachedInputTokens) {

  /** Why a generation ended regularly. */
  public enum Reason {
    /** The model ended the answer, or a stop text appeared. */
    STOP,
    /** The token limit or the context was reached. */
    LENGTH,
    /** The engine withheld the rest because of its content. */
    CONTENT_FILTER,
    /** The model asks for a tool to be called. */
    TOOL_CALLS
  }
}
