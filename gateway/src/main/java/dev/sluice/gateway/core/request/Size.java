package dev.sluice.gateway.core.request;

/**
 * How much work a request is, in tokens.
 *
 * @param promptTokens tokens of the prompt, at least 1; an estimate for text
 * @param maxOutputTokens most tokens of the answer; 0 when the caller does not say
 * @param expectedOutputTokens hint on the answer's length; 0 when the caller does not say
 * @param prefix what tells whether other prompts begin alike
 */
public record Size(int promptTokens, int maxOutputTokens, int expectedOutputTokens, Prefix prefix) {

  public Size {
    if (promptTokens < 1 || maxOutputTokens < 0 || expectedOutputTokens < 0) {
      throw new IllegalArgumentException(
          "size: %d/%d/%d (expected: >= 1, >= 0, >= 0)"
              .formatted(promptTokens, maxOutputTokens, expectedOutputTokens));
    }
  }

  /** A size of which the prompt's beginning is not known. */
  public Size(int promptTokens, int maxOutputTokens, int expectedOutputTokens) {
    this(promptTokens, maxOutputTokens, expectedOutputTokens, Prefix.NONE);
  }
}
