package dev.sluice.backends.emulated;

import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import java.util.List;

/**
 * What an emulated model will answer, known before it begins.
 *
 * @param text the tokens
 * @param tokens how many of them
 * @param reason why the answer ends there
 * @param cutToken index of the token in which a stop text begins; {@code tokens} when none does
 * @param cutCharacters characters of that token that come before the stop text
 */
record Answer(
    EmulatedText text, int tokens, Completion.Reason reason, int cutToken, int cutCharacters) {

  /**
   * The answer to {@code generation}: as long as its terms expect, else as the emulated model ends
   * it by itself; at most {@code limitTokens} and what the sampling allows; and ended by the token
   * that completes a stop text.
   */
  static Answer to(Generation generation, int limitTokens) {
    EmulatedText text =
        EmulatedText.of(generation.model(), generation.prompt(), generation.sampling().seed());
    int expected = generation.terms().expectedOutputTokens();
    int planned = expected > 0 ? expected : text.length();
    int limit = Math.min(limitTokens, generation.sampling().maxOutputTokens());
    Answer whole =
        planned < limit
            ? new Answer(text, planned, Completion.Reason.STOP, planned, 0)
            : new Answer(text, limit, Completion.Reason.LENGTH, limit, 0);
    return whole.endedBy(generation.sampling().stop());
  }

  /** Text of {@code count} tokens from {@code index} on, without what a stop text withholds. */
  String text(int index, int count) {
    if (index + count <= cutToken) {
      return text.text(index, count);
    }
    if (index > cutToken) {
      return "";
    }
    return text.text(index, cutToken - index) + text.token(cutToken).substring(0, cutCharacters);
  }

  /** Whether {@code progress} is the beginning of this answer. */
  boolean goesOnFrom(Generation.Progress progress) {
    return progress.tokens() <= tokens && progress.text().equals(text(0, progress.tokens()));
  }

  private Answer endedBy(List<String> stops) {
    int longest = 0;
    for (String stop : stops) {
      longest = Math.max(longest, stop.length());
    }
    if (longest == 0) {
      return this;
    }
    // the end of the text so far, long enough for a stop text that the next token completes
    StringBuilder tail = new StringBuilder();
    int tailStart = 0;
    for (int i = 0; i < tokens; i++) {
      tail.append(text.token(i));
      int found = firstOf(stops, tail);
      if (found >= 0) {
        return cutAt(tailStart + found, i + 1);
      }
      int surplus = Math.max(0, tail.length() - (longest - 1));
      tail.delete(0, surplus);
      tailStart += surplus;
    }
    return this;
  }

  private static int firstOf(List<String> stops, StringBuilder tail) {
    int first = -1;
    for (String stop : stops) {
      int found = stop.isEmpty() ? -1 : tail.indexOf(stop);
      if (found >= 0 && (first < 0 || found < first)) {
        first = found;
      }
    }
    return first;
  }

  private Answer cutAt(int character, int stoppedTokens) {
    int token = 0;
    int start = 0;
    while (start + text.token(token).length() <= character) {
      start += text.token(token).length();
      token++;
    }
    return new Answer(text, stoppedTokens, Completion.Reason.STOP, token, character - start);
  }
}
