package dev.sluice.backends;

/**
 * Counts the tokens of a prompt: exact for ids, an estimate for text.
 *
 * <p>The estimate is one token for every four bytes of UTF-8, which is close for English under the
 * vocabularies of Llama 3 and Qwen 3 (3.8 to 4.5 bytes a token; a figure from experience, not
 * measured here) and errs on the safe side (too many) for scripts with two or three bytes a
 * character.
 */
public final class PromptLength {

  private static final int BYTES_PER_TOKEN = 4;

  /** What a chat template adds around each message: role and separators. */
  private static final int TOKENS_PER_MESSAGE = 4;

  private PromptLength() {}

  /** Tokens of {@code prompt}; at least 1 for a prompt that is not empty. */
  public static int tokens(Prompt prompt) {
    return switch (prompt) {
      case Prompt.Text(String text) -> ofText(text);
      case Prompt.Chat chat -> {
        int tokens = ofText(chat.verbatim());
        for (Prompt.Message message : chat.messages()) {
          tokens += ofMessage(message.content()) + ofText(message.verbatim());
        }
        yield tokens;
      }
      case Prompt.TokenIds(int[] ids) -> ids.length;
    };
  }

  /** Estimated tokens of {@code text}. */
  public static int ofText(String text) {
    return (utf8Bytes(text) + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  /** Estimated tokens of a chat message with this content. */
  public static int ofMessage(String content) {
    return ofText(content) + TOKENS_PER_MESSAGE;
  }

  private static int utf8Bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // a surrogate pair is four bytes: two for each half
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
