package dev.sluice.gateway.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class JsonBytesTest {

  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void anyTextReadsBackAsItWas() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(3000); length > 0; length--) {
        int bits = random.nextInt(1, 22);
        int codePoint = random.nextInt(Math.min(1 << bits, 0x110000));
        text.appendCodePoint(codePoint >= 0xd800 && codePoint < 0xe000 ? 'x' : codePoint);
      }
      assertThat(readBack(text.toString())).isEqualTo(text.toString());
    }
  }

  @Test
  void halvesOfSurrogatePairsBecomeReplacements() {
    assertThat(readBack("\ud83d\ude00")).isEqualTo("\ud83d\ude00");
    assertThat(readBack("\ud83d")).isEqualTo("\ufffd");
    assertThat(readBack("\ude00\ud83d")).isEqualTo("\ufffd\ufffd");
    assertThat(readBack("a\ud83d\ud83d\ude00")).isEqualTo("a\ufffd\ud83d\ude00");
  }

  @Test
  void noCharacterIsLeftThatSomebodyTakesForTheEndOfALine() {
    StringBuilder all = new StringBuilder();
    for (char c = 0; c < 0x3000; c++) {
      all.append(c);
    }
    String json = text(new JsonBytes().string(all.toString()));
    assertThat(json.chars()).noneMatch(c -> c < 0x20 || c == 0x7f);
    assertThat(json).doesNotContain("\u0085", "\u2028", "\u2029");
  }

  @Test
  void pairsAcrossTheStridesOfItsRoomAreWhole() {
    String text = "x".repeat(1023) + "\ud83d\ude00".repeat(3000) + "\u20ac".repeat(3000);
    assertThat(readBack(text)).isEqualTo(text);
  }

  @Test
  void lengthsOfTimeAreMillisecondsWithThreePlaces() {
    assertThat(JsonBytes.millisText(0)).isEqualTo("0.000");
    assertThat(JsonBytes.millisText(1_234_567)).isEqualTo("1.234");
    assertThat(JsonBytes.millisText(12_050_999)).isEqualTo("12.050");
    assertThat(JsonBytes.millisText(-5)).isEqualTo("0.000");
  }

  private static String readBack(String text) {
    return JSON.readTree(new JsonBytes().string(text).toBytes()).stringValue();
  }

  private static String text(JsonBytes json) {
    return new String(json.toBytes(), StandardCharsets.UTF_8);
  }
}
