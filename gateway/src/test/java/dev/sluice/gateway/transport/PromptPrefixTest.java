package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.call.Payload;
import dev.sluice.gateway.core.request.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PromptPrefixTest {

  @Test
  void aShortPromptHasNoBlock() {
    assertThat(of(new Payload.Text("x".repeat(1020)), 255)).isEqualTo(Prefix.NONE);
    assertThat(of(new Payload.Text("x".repeat(1024)), 256).blocks()).isEqualTo(1);
  }

  @Test
  void textsShareBlocksExactlyAsFarAsTheyAgree() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100; i++) {
      String text = anyText(random, 8_000);
      int cut = random.nextInt(text.length());
      char other = (char) (text.charAt(cut) + 1);
      String changed = text.substring(0, cut) + other + text.substring(cut + 1);
      long[] one = of(new Payload.Text(text), 2000).blockHashes();
      long[] two = of(new Payload.Text(changed), 2000).blockHashes();
      assertThat(Arrays.mismatch(one, two)).isEqualTo(cut / 1024 < one.length ? cut / 1024 : -1);
    }
  }

  @Test
  void aConversationThatGrowsKeepsItsBlocksAndItsKey() {
    SplittableRandom random = new SplittableRandom(2);
    List<String> chat = new ArrayList<>(List.of("system", anyText(random, 5_000)));
    Prefix before = of(new Payload.Chat(List.copyOf(chat)), 1200);
    assertThat(before.blocks()).isEqualTo(4);
    for (int turn = 0; turn < 10; turn++) {
      chat.addAll(List.of(turn % 2 == 0 ? "user" : "assistant", anyText(random, 900)));
      Prefix now = of(new Payload.Chat(List.copyOf(chat)), 1200 + 230 * turn);
      assertThat(now.blockHashes()).startsWith(before.blockHashes());
      assertThat(now.key()).isEqualTo(before.key());
      before = now;
    }
    assertThat(before.blocks()).isGreaterThan(8);
  }

  @Test
  void rolesAndTheEndsOfMessagesCount() {
    String text = "x".repeat(2048);
    Set<Long> different = new HashSet<>();
    for (List<String> chat :
        List.of(
            List.of("user", text),
            List.of("system", text),
            List.of("user", "x", "user", text),
            List.of("user", "xx", "user", text),
            List.of("userx", text))) {
      different.add(of(new Payload.Chat(chat), 600).blockHash(0));
    }
    different.add(of(new Payload.Text(text), 600).blockHash(0));
    List<String> chat = List.of("user", text);
    different.add(
        of(new Payload.Chat(chat, new Payload.Verbatim("\"tools\":[]", List.of())), 600)
            .blockHash(0));
    different.add(
        of(new Payload.Chat(chat, new Payload.Verbatim("", List.of("\"name\":\"x\""))), 600)
            .blockHash(1));
    assertThat(different).hasSize(8);
  }

  @Test
  void tokenIdsAreTheirOwnUnits() {
    int[] ids = new SplittableRandom(3).ints(1000, 0, 100_000).toArray();
    Prefix prefix = of(new Payload.TokenIds(ids), 1000);
    assertThat(prefix.blocks()).isEqualTo(3);
    assertThat(prefix.blockTokens()).isEqualTo(256);
    ids[600]++;
    long[] changed = of(new Payload.TokenIds(ids), 1000).blockHashes();
    assertThat(Arrays.mismatch(prefix.blockHashes(), changed)).isEqualTo(2);
  }

  @Test
  void blocksNeverStandForMoreTokensThanThePromptHas() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 200; i++) {
      String text = anyText(random, random.nextInt(1024, 40_000));
      int tokens = text.length() / 4 + 1 + random.nextInt(text.length());
      Prefix prefix = of(new Payload.Text(text), tokens);
      assertThat(prefix.blocks() * prefix.blockTokens()).isLessThanOrEqualTo(tokens);
      assertThat(prefix.blocks() * prefix.blockTokens())
          .isGreaterThan(tokens - 2 * prefix.blockTokens());
    }
  }

  @Test
  void aSessionIsTheKeyWhateverThePrompt() {
    Prefix one = PromptPrefix.of(new Payload.Text("hello"), 2, "s/1");
    Prefix two = PromptPrefix.of(new Payload.Text("x".repeat(5000)), 1250, "s/1");
    assertThat(one.key()).isEqualTo(two.key()).isNotZero();
    assertThat(two.blocks()).isEqualTo(4);
    assertThat(PromptPrefix.of(new Payload.Text("hello"), 2, "s/2").key()).isNotEqualTo(one.key());
  }

  @Test
  void theWorkIsBounded() {
    Prefix vast = of(new Payload.Text("x".repeat(4 << 20)), 1 << 20);
    assertThat(vast.blocks()).isEqualTo(2048);
    assertThat(vast.blockTokens()).isEqualTo(256);
  }

  private static Prefix of(Payload.Prompt prompt, int promptTokens) {
    return PromptPrefix.of(prompt, promptTokens, "");
  }

  private static String anyText(SplittableRandom random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) random.nextInt(32, 1000));
    }
    return text.toString();
  }
}
