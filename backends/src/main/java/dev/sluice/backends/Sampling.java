package dev.sluice.backends;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are drawn; null means the engine's default.
 *
 * @param maxOutputTokens most tokens to generate, at least 1
 * @param temperature randomness, 0 … 2
 * @param topP smallest set of tokens whose probabilities reach this sum, above 0 … 1
 * @param topK number of most likely tokens to draw from; 0: all
 * @param seed seed of the draw
 * @param stop texts that end the answer
 */
public record Sampling(
    int maxOutputTokens,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Long seed,
    List<String> stop) {

  public Sampling {
    if (maxOutputTokens < 1) {
      throw new IllegalArgumentException(
          "maxOutputTokens: " + maxOutputTokens + " (expected: >= 1)");
    }
    stop = List.copyOf(stop);
  }

  /** At most {@code maxOutputTokens} tokens, all else as the engine does it. */
  public static Sampling upTo(int maxOutputTokens) {
    return new Sampling(maxOutputTokens, null, null, null, null, List.of());
  }
}
