package dev.sluice.backends.emulated;

import dev.sluice.backends.Prompt;

/**
 * A 64-bit hash folded over a question, one multiplication per character or id.
 *
 * <p>Well mixed but not secret: two prompts that somebody chose on purpose can collide, which makes
 * two emulated answers equal and nothing worse.
 */
final class PromptHash {

  private static final long SEED = 0xCBF29CE484222325L;

  /** Multiplier of MurmurHash3's 64-bit lane: odd, with well spread bits. */
  private static final long FACTOR = 0x87C37B91114253D5L;

  private static final int TEXT = 1;
  private static final int CHAT = 2;
  private static final int IDS = 3;

  private long state = SEED;

  /** Folds a text and its length, so that neighbouring texts do not run into each other. */
  void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      number(text.charAt(i));
    }
    number(text.length());
  }

  void number(long number) {
    state = Long.rotateLeft((state ^ number) * FACTOR, 29);
  }

  void prompt(Prompt prompt) {
    switch (prompt) {
      case Prompt.Text(String text) -> {
        number(TEXT);
        text(text);
      }
      case Prompt.Chat chat -> {
        number(CHAT);
        for (Prompt.Message message : chat.messages()) {
          text(message.role());
          text(message.content());
        }
      }
      case Prompt.TokenIds(int[] ids) -> {
        number(IDS);
        for (int id : ids) {
          number(id);
        }
        number(ids.length);
      }
    }
  }

  /** The hash of all that was folded so far; more may be folded after. */
  long value() {
    return mix(state);
  }

  /** SplitMix64's finalizer: every bit of the result depends on every bit of {@code value}. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
