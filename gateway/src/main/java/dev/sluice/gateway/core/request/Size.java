package dev.sluice.gateway.core.request;

/**
 * How much work a request is, in tokens.
 *
 * @param promptTokens tokens of the prompt, at least 1; an estimate for text
 * @param maxOutputTokens most tokens of the answer; 0 when the caller does not say
 * @param expectedOutputTokens hint on the answer's length; 0 when the caller does not say
 * @param prefix what tells whether other prompts begin alike
 * @param longestTokens tokens of the longest of several inputs; of one prompt, its tokens
 * @param task what is wanted
 */
public record Size(
    int promptTokens,
    int maxOutputTokens,
    int expectedOutputTokens,
    Prefix prefix,
    int longestTokens,
    Task task) {

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
  }

  /** The size of a prompt and its answer. */
  public Size(int promptTokens, int maxOutputTokens, int expectedOutputTokens, Prefix prefix) {
    this(promptTokens, maxOutputTokens, expectedOutputTokens, prefix, promptTokens, Task.GENERATE);
  }

  /** The size of inputs to embed, which have so many tokens together. */
  public static Size ofInputs(int tokens, int longestTokens, Prefix prefix) {
    return new Size(tokens, 1, 1, prefix, longestTokens, Task.EMBED);
  }

  /** A size of which the prompt's beginning is not known. */
  public Size(int promptTokens, int maxOutputTokens, int expectedOutputTokens) {
    this(promptTokens, maxOutputTokens, expectedOutputTokens, Prefix.NONE);
  }
}
