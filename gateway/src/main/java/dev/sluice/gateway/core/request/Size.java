package dev.sluice.gateway.core.request;

/**
 * How much work a request is, in tokens.
 *
 * @param promptTokens tokens that must be read before the next one comes, at least 1; an estimate
 *     for text
 * @param maxOutputTokens most tokens of the answer; 0 when the caller does not say
 * @param expectedOutputTokens hint on the answer's length; 0 when the caller does not say
 * @param prefix what tells whether other prompts begin alike
 * @param longestTokens tokens of the longest of several inputs; of one prompt, its tokens
 * @param task what is wanted
 * @param begunTokens tokens of the answer that the caller has already, from elsewhere; they are
 *     read like the prompt and counted with it
 */
public record Size(
    int promptTokens,
    int maxOutputTokens,
    int expectedOutputTokens,
    Prefix prefix,
    int longestTokens,
    Task task,
    int begunTokens) {

  public Size {
    if (longestTokens < 1 || longestTokens > promptTokens) {
      throw new IllegalArgumentException(
          "longestTokens: " + longestTokens + " (expected: 1 to " + promptTokens + ")");
    }
    if (maxOutputTokens < 0 || expectedOutputTokens < 0) {
      throw new IllegalArgumentException(
          "size: %d/%d/%d (expected: >= 1, >= 0, >= 0)"
              .formatted(promptTokens, maxOutputTokens, expectedOutputTokens));
    }
    if (begunTokens < 0 || begunTokens >= promptTokens) {
      throw new IllegalArgumentException(
          "begunTokens: " + begunTokens + " (expected: 0 to " + (promptTokens - 1) + ")");
    }
  }

  /** The size of a prompt and its answer. */
  public Size(int promptTokens, int maxOutputTokens, int expectedOutputTokens, Prefix prefix) {
    this(
        promptTokens,
        maxOutputTokens,
        expectedOutputTokens,
        prefix,
        promptTokens,
        Task.GENERATE,
        0);
  }

  /** The size of inputs to embed, which have so many tokens together. */
  public static Size ofInputs(int tokens, int longestTokens, Prefix prefix) {
    return new Size(tokens, 1, 1, prefix, longestTokens, Task.EMBED, 0);
  }

  /** A size of which the prompt's beginning is not known. */
  public Size(int promptTokens, int maxOutputTokens, int expectedOutputTokens) {
    this(promptTokens, maxOutputTokens, expectedOutputTokens, Prefix.NONE);
  }

  /** The size of what is left once the caller has {@code tokens} tokens of the answer. */
  public Size begun(int tokens) {
    int more = tokens - begunTokens;
    return new Size(
        promptTokens + more,
        maxOutputTokens,
        expectedOutputTokens,
        prefix,
        longestTokens + more,
        task,
        tokens);
  }

  /** Tokens of the prompt alone, without what the caller has of the answer. */
  public int inputTokens() {
    return promptTokens - begunTokens;
  }
}
