package dev.sluice.backends.emulated;

import dev.sluice.backends.Prompt;
import java.util.Arrays;

/**
 * Hashes a prompt block by block for a prefix cache, in the same estimate of tokens that {@link
 * dev.sluice.backends.PromptLength} makes: four bytes of UTF-8 are a token.
 */
final class PromptBlocks {

  private static final int BYTES_PER_TOKEN = 4;
  private static final int TEMPLATE_BYTES = 4 * BYTES_PER_TOKEN;

  private final PromptHash hash = new PromptHash();
  private final int blockBytes;
  private long[] hashes = new long[16];
  private int count;
  private int bytesInBlock;

  private PromptBlocks(int blockTokens) {
    blockBytes = blockTokens * BYTES_PER_TOKEN;
  }

  /** One hash per full block of {@code blockTokens}, each over the prompt up to the block's end. */
  static long[] of(Prompt prompt, int blockTokens) {
    PromptBlocks blocks = new PromptBlocks(blockTokens);
    switch (prompt) {
      case Prompt.Text(String text) -> blocks.text(text);
      case Prompt.Chat chat -> {
        for (Prompt.Message message : chat.messages()) {
          blocks.hash.text(message.role());
          blocks.add(TEMPLATE_BYTES);
          blocks.text(message.content());
          blocks.padToToken();
        }
      }
      case Prompt.TokenIds(int[] ids) -> {
        for (int id : ids) {
          blocks.hash.number(id);
          blocks.add(BYTES_PER_TOKEN);
        }
      }
    }
    return Arrays.copyOf(blocks.hashes, blocks.count);
  }

  private void text(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      hash.number(c);
      add(c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3);
    }
  }

  private void padToToken() {
    add(Math.floorMod(-bytesInBlock, BYTES_PER_TOKEN));
  }

  private void add(int bytes) {
    bytesInBlock += bytes;
    while (bytesInBlock >= blockBytes) {
      bytesInBlock -= blockBytes;
      if (count == hashes.length) {
        hashes = Arrays.copyOf(hashes, 2 * count);
      }
      hashes[count++] = hash.value();
    }
  }
}
