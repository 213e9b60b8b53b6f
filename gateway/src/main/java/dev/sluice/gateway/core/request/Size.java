package dev.sluice.gateway.core.request;

/**
 * How much work a request is, in tokens.
 *
 * @param promptTokens tokens of the prompt, at least 1; an estimate for text
 * @param maxOutputTokens most tokens of the answer; 0 when the caller does not say
 * @param expectedOutputTokens hint on the answer's length; 0 when the caller does not say
 */
public record Size(int promptTokens, int maxOutputTokens, int expectedOutputTokens) {
  public Size {
    if (promptTokens < 1 || maxOutputTokens < 0 || expectedOutputTokens < 0) {
      throw new IllegalArgumentException(
          "size: %d/%d/%d (expected: >= 1, >= 0, >= 0)"
              .formatted(promptTokens, maxOutputTokens, expectedOutputTokens));
    }
  }
}
