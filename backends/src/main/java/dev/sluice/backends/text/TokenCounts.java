package dev.sluice.backends.text;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.PromptLength;
import java.util.Optional;

/**
 * Counts the tokens of one model's texts where its engine does not: by the model's tokenizer where
 * it is one of OpenAI's, else by bytes per token, learned from the engine's accounts.
 *
 * @implNote The ratio is that of decayed sums, so that the last hundred or so answers count. It
 *     begins with {@link PromptLength}'s four bytes.
 */
public final class TokenCounts {

  private static final double INITIAL_BYTES_PER_TOKEN = 4;

  /** The first guess counts as much as a short answer. */
  private static final double INITIAL_TOKENS = 50;

  private static final double DECAY = 0.99;

  /** An answer of fewer tokens says little, and its last token often has no text. */
  private static final int LEAST_TOKENS = 8;

  /** Vocabularies are read when first asked for, once for all. */
  private static final EncodingRegistry ENCODINGS = Encodings.newLazyEncodingRegistry();

  private final Optional<Encoding> tokenizer;
  private volatile Sums sums = new Sums(INITIAL_BYTES_PER_TOKEN * INITIAL_TOKENS, INITIAL_TOKENS);

  private record Sums(double bytes, double tokens) {}

  /**
   * Counts of the model with this name.
   *
   * @param model its name at the engine
   */
  public TokenCounts(String model) {
    tokenizer = ENCODINGS.getEncodingForModel(model);
  }

  boolean hasTokenizer() {
    return tokenizer.isPresent();
  }

  /** Tokens of {@code text} by the tokenizer, which there must be. */
  int tokens(String text) {
    return tokenizer.orElseThrow().countTokensOrdinary(text);
  }

  /** Estimated tokens of this many bytes of UTF-8. */
  int estimate(long bytes) {
    Sums known = sums;
    return (int) Math.min(Integer.MAX_VALUE, Math.round(bytes * known.tokens / known.bytes));
  }

  /** Estimated tokens of a prompt. */
  public int estimate(Prompt prompt) {
    int byDefault = PromptLength.tokens(prompt);
    if (prompt instanceof Prompt.TokenIds) {
      return byDefault;
    }
    return Math.max(1, estimate((long) (byDefault * INITIAL_BYTES_PER_TOKEN)));
  }

  /** Takes an engine's account of a text. Of two at once one may be lost. */
  void learn(long bytes, int tokens) {
    if (tokens >= LEAST_TOKENS && bytes > 0) {
      Sums before = sums;
      sums = new Sums(DECAY * before.bytes + bytes, DECAY * before.tokens + tokens);
    }
  }

  /** Bytes of UTF-8 of the characters from {@code from} on. */
  static long utf8Bytes(CharSequence text, int from) {
    long bytes = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      // a surrogate pair is four bytes: two for each half
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
