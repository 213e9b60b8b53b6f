package dev.sluice.backends;

/**
 * The regular end of a generation.
 *
 * @param reason why it ended
 * @param inputTokens tokens of the prompt
 * @param outputTokens tokens of the answer
 * @param cachedInputTokens tokens of the prompt that came from a prefix cache
 * @param counted where the counts are from
 */
public record Completion(
    Reason reason, int inputTokens, int outputTokens, int cachedInputTokens, Counted counted) {

  /** An end with the backend's own counts. */
  public Completion(Reason reason, int inputTokens, int outputTokens, int cachedInputTokens) {
    this(reason, inputTokens, outputTokens, cachedInputTokens, Counted.BY_BACKEND);
  }

  /** The end of an embedding, whose one piece counts as a token that was delivered. */
  public static Completion ofVectors(int inputTokens) {
    return new Completion(Reason.STOP, inputTokens, 1, 0);
  }

  /** Where counts of tokens are from, the surest first. */
  public enum Counted {
    /** The backend's own account. */
    BY_BACKEND,
    /** The model's tokenizer, applied to the text. */
    BY_TOKENIZER,
    /** The length of the text, by what such text took before. */
    BY_ESTIMATE
  }

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
