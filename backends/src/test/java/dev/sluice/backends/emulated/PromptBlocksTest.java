package dev.sluice.backends.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Prompt;
import dev.sluice.backends.PromptLength;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PromptBlocksTest {

  private static final int BLOCK = 16;

  @Test
  void thereIsOneHashPerFullBlock() {
    for (int length : new int[] {1, 63, 64, 65, 1_000}) {
      check(new Prompt.Text("x".repeat(length)));
      check(new Prompt.Text("ⵣ".repeat(length)));
      check(new Prompt.Text("🙂".repeat(length)));
      check(new Prompt.TokenIds(new int[length]));
      check(
          new Prompt.Chat(
              List.of(
                  new Prompt.Message("system", "é".repeat(length)),
                  new Prompt.Message("user", "why?"))));
    }
  }

  private static void check(Prompt prompt) {
    long[] hashes = PromptBlocks.of(prompt, BLOCK);
    // a text's last token may be less than four bytes and still count
    assertThat(PromptLength.tokens(prompt) / BLOCK - hashes.length).isBetween(0, 1);
    assertThat(Arrays.stream(hashes).distinct().count()).isEqualTo(hashes.length);
  }

  @Test
  void promptsShareTheHashesOfTheirCommonBeginning() {
    String common = "a long instruction that all questions share, word by word. ".repeat(20);
    long[] first = PromptBlocks.of(new Prompt.Text(common + "Why is the sky blue?"), BLOCK);
    long[] second =
        PromptBlocks.of(new Prompt.Text(common + "Who wrote this book, and when?"), BLOCK);
    int shared = common.length() / 4 / BLOCK;
    assertThat(Arrays.mismatch(first, second)).isIn(-1, shared);
    assertThat(first.length).isGreaterThanOrEqualTo(shared);
  }

  @Test
  void aDifferenceAtTheBeginningChangesAllThatFollow() {
    int[] ids = new int[160];
    long[] first = PromptBlocks.of(new Prompt.TokenIds(ids.clone()), BLOCK);
    ids[0] = 1;
    long[] second = PromptBlocks.of(new Prompt.TokenIds(ids), BLOCK);
    for (int i = 0; i < 10; i++) {
      assertThat(second[i]).isNotEqualTo(first[i]);
    }
  }
}
