package dev.sluice.backends.emulated;

import dev.sluice.backends.Prompt;
import org.jspecify.annotations.Nullable;

/**
 * The answer that every emulated accelerator gives to a prompt: token i is a pure function of
 * model, prompt, seed and i, whatever the hardware.
 *
 * <p>So whoever knows the question can tell of every token whether it is the right one, and a lost,
 * doubled or swapped token shows. Tokens are words of several scripts, each a whole group of
 * characters, with a leading space where the script parts words by spaces. A test pins some of them
 * down: tools that were given a recorded answer must be able to check it later.
 *
 * @implNote A 64-bit key is folded over the question; token i is chosen by SplitMix64's finalizer
 *     over key and index, which needs no state and passes the usual tests of randomness.
 */
public final class EmulatedText {

  private static final String[] VOCABULARY = Vocabulary.tokens();

  /** Increment of SplitMix64: 2^64 divided by the golden ratio. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** Keeps the draws of the length apart from those of the tokens. */
  private static final long LENGTH_SALT = 0x6C656E677468L;

  /**
   * Length of an answer: log-normal through p50 129 and p90 424, the conversation trace of Azure
   * 2023; sigma = ln(424/129) / 1.2816.
   */
  private static final double LENGTH_MEDIAN_TOKENS = 129;

  private static final double LENGTH_SIGMA = 0.9285;

  /** Far beyond p99 (1,119): bounds what one question can cost. */
  private static final int LONGEST_TOKENS = 8_192;

  private final long key;

  private EmulatedText(long key) {
    this.key = key;
  }

  /** The answer of {@code model} to {@code prompt} under {@code seed}; no seed is seed 0. */
  public static EmulatedText of(String model, Prompt prompt, @Nullable Long seed) {
    PromptHash hash = new PromptHash();
    hash.text(model);
    hash.number(seed == null ? 0 : seed);
    hash.prompt(prompt);
    return new EmulatedText(hash.value());
  }

  /** Text of token {@code index}, from 0; never empty. */
  public String token(int index) {
    if (index < 0) {
      throw new IllegalArgumentException("index: " + index + " (expected: >= 0)");
    }
    String token = VOCABULARY[choice(index)];
    // an answer does not begin with a space
    return index == 0 && token.charAt(0) == ' ' ? token.substring(1) : token;
  }

  /** Text of {@code count} tokens from token {@code fromIndex} on. */
  public String text(int fromIndex, int count) {
    if (count == 1) {
      return token(fromIndex);
    }
    StringBuilder text = new StringBuilder(8 * count);
    for (int i = 0; i < count; i++) {
      text.append(token(fromIndex + i));
    }
    return text.toString();
  }

  /** Tokens after which the emulated model ends the answer by itself, at least 1. */
  public int length() {
    // StrictMath: the same on every machine
    double u1 = (draw(LENGTH_SALT) + 1.0) / (1L << 53);
    double u2 = draw(LENGTH_SALT + 1) / (double) (1L << 53);
    double normal = StrictMath.sqrt(-2 * StrictMath.log(u1)) * StrictMath.cos(2 * Math.PI * u2);
    double tokens = LENGTH_MEDIAN_TOKENS * StrictMath.exp(LENGTH_SIGMA * normal);
    return (int) Math.clamp(Math.round(tokens), 1L, LONGEST_TOKENS);
  }

  private int choice(int index) {
    // the high 32 bits scaled to the vocabulary: even, and cheaper than a remainder
    long high = PromptHash.mix(key + (index + 1L) * GOLDEN) >>> 32;
    return (int) ((high * VOCABULARY.length) >>> 32);
  }

  /** 53 random bits. */
  private long draw(long salt) {
    return PromptHash.mix(PromptHash.mix(key ^ salt) + GOLDEN) >>> 11;
  }

  /** Tells the key, which is not the caller's text. */
  @Override
  public String toString() {
    return "EmulatedText[" + Long.toHexString(key) + "]";
  }
}
