package dev.sluice.backends.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Server-sent events come out whole, however their bytes were cut up. */
final class SseReaderTest {

  /** Everything that the format allows and engines do. */
  private static final String STREAM =
      "\ufeff: a comment\r\n\r\n"
          + "data: one\r\n\r\n"
          + "data:two\n\n"
          + "data: th\u00e9 \u0639\u0631\u0628\u064a \ud83d\ude42\n\n"
          + ":\n"
          + ": ping\n\n"
          + "event: x\n"
          + "id: 7\n"
          + "retry: 10\n"
          + "data: four\n"
          + "data: lines\n\n"
          + "data\n\n"
          + "data:  two spaces\r\r"
          + "data: [DONE]\r\n\r\n"
          + "database: no\n\n";

  private static final List<String> EVENTS =
      List.of(
          "one",
          "two",
          "th\u00e9 \u0639\u0631\u0628\u064a \ud83d\ude42",
          "four\nlines",
          " two spaces",
          "[DONE]");

  @Test
  void everyCutInTwoGivesTheSameEvents() {
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(events(bytes, cut)).as("cut at %d", cut).isEqualTo(EVENTS);
    }
  }

  @Test
  void everyCutInThreeGivesTheSameEvents() {
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        assertThat(events(bytes, first, second)).isEqualTo(EVENTS);
      }
    }
  }

  @Test
  void byteByByteGivesTheSameEvents() {
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    int[] cuts = new int[bytes.length];
    Arrays.setAll(cuts, i -> i);
    assertThat(events(bytes, cuts)).isEqualTo(EVENTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void everyEndOfLineIsOne(String end) {
    String stream = STREAM.replace("\r\n", "\n").replace('\r', '\n').replace("\n", end);
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(events(bytes, cut)).isEqualTo(EVENTS);
    }
  }

  @Test
  void theLastEventMayLackItsEmptyLine() {
    assertThat(events("data: a\n\ndata: b".getBytes(StandardCharsets.UTF_8), 3))
        .containsExactly("a", "b");
  }

  @Test
  void anEventBeyondTheBoundIsRefusedBeforeItIsKept() {
    SseReader reader = new SseReader();
    byte[] part = new byte[64 * 1024];
    Arrays.fill(part, (byte) 'x');
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 17; i++) {
                reader.feed(part, 0, part.length, (_, _, _) -> {});
              }
            })
        .isInstanceOf(SseReader.TooLargeException.class);
    SseReader lines = new SseReader();
    byte[] line = ("data: " + "x".repeat(1000) + "\n").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1100; i++) {
                lines.feed(line, 0, line.length, (_, _, _) -> {});
              }
            })
        .isInstanceOf(SseReader.TooLargeException.class);
  }

  @Test
  void noiseIsNeverAReasonToThrow() {
    Random chance = new Random(7);
    byte[] alphabet = "data: \r\n:x{}\u0000\u00ff".getBytes(StandardCharsets.ISO_8859_1);
    for (int round = 0; round < 2_000; round++) {
      byte[] noise = new byte[chance.nextInt(200)];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = alphabet[chance.nextInt(alphabet.length)];
      }
      assertThat(events(noise, noise.length / 2)).isEqualTo(events(noise, 0));
    }
  }

  private static List<String> events(byte[] bytes, int... cuts) {
    List<String> events = new ArrayList<>();
    SseReader.Sink sink =
        (data, offset, length) ->
            events.add(new String(data, offset, length, StandardCharsets.UTF_8));
    SseReader reader = new SseReader();
    int from = 0;
    for (int cut : cuts) {
      reader.feed(bytes, from, cut - from, sink);
      from = cut;
    }
    reader.feed(bytes, from, bytes.length - from, sink);
    reader.end(sink);
    return events;
  }
}
