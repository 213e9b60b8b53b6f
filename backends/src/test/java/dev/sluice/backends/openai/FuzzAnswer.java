package dev.sluice.backends.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.backends.TokenChunk;
import dev.sluice.backends.text.TokenCounts;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Whatever an engine says, chunks follow each other, what is no text is JSON on one line of ASCII,
 * the account is that of the chunks, and an answer ends whole or broken. The first byte says which
 * engine it is.
 */
final class FuzzAnswer {

  private static final int MOST_TOKENS = 50;
  private static final JsonFactory JSON = new JsonFactory();

  @FuzzTest(maxDuration = "60s")
  void holds(byte[] data) {
    if (data.length == 0) {
      return;
    }
    int choice = data[0] & 0xff;
    int firstIndex = choice % 3;
    Answer answer = answer(choice, firstIndex);
    int half = 1 + (data.length - 1) / 2;
    int next = firstIndex;
    for (byte[] part :
        new byte[][] {
          Arrays.copyOfRange(data, 1, half), Arrays.copyOfRange(data, half, data.length)
        }) {
      if (answer.failure() == null && !answer.isWhole()) {
        answer.feed(part, 0, part.length);
        next = take(answer, next);
      }
    }
    if (answer.failure() == null && !answer.isWhole()) {
      answer.endOfStream();
      next = take(answer, next);
    }
    assertThat(answer.failure() != null || answer.isWhole()).isTrue();
    if (answer.failure() == null) {
      assertThat(answer.completion(3).outputTokens()).isEqualTo(next);
    }
  }

  private static Answer answer(int choice, int firstIndex) {
    Preset preset = Presets.named(Presets.names().get(choice % Presets.names().size()));
    return new Answer(
        new Answer.Reading(
            new EventReader(preset.account()),
            new TokenCounts("m"),
            new Refusals(BaseUrl.parse("http://127.0.0.1:1/v1").orElseThrow(), preset.resets())),
        firstIndex,
        MOST_TOKENS,
        choice % 16 < 8);
  }

  private static int take(Answer answer, int index) {
    if (!answer.hasTokens()) {
      return index;
    }
    TokenChunk chunk = answer.takeTokens();
    assertThat(chunk.index()).isEqualTo(index);
    assertThat(chunk.text().codePoints()).allMatch(c -> c < 0xd800 || c > 0xdfff);
    for (String delta : chunk.deltas()) {
      assertThat(delta.chars()).allMatch(c -> c >= ' ' && c < 0x80);
      assertThat(values("{" + delta + "}")).isEqualTo(1);
    }
    return index + chunk.count();
  }

  /** Values of JSON in {@code text}, which must hold nothing else. */
  private static int values(String text) {
    int values = 0;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        parser.skipChildren();
        values++;
      }
    }
    return values;
  }
}
