package dev.sluice.backends.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backends.Completion;
import dev.sluice.backends.Generation;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.Sampling;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class AnswerTest {

  private static final Prompt PROMPT = new Prompt.Text("Tell me something.");
  private static final EmulatedText TEXT = EmulatedText.of("m", PROMPT, null);

  @Test
  void aStopTextInsideOneTokenCutsTheTokenBeforeIt() {
    String token = TEXT.token(5);
    String stop = token.substring(token.length() - 1);
    Answer answer = answer(100, stop);
    assertThat(answer.reason()).isEqualTo(Completion.Reason.STOP);
    assertThat(answer.text(0, answer.tokens())).isEqualTo(expected(TEXT.text(0, 100), stop));
  }

  @Test
  void aStopTextAcrossTokensIsFoundWhereItsLastTokenCompletesIt() {
    String stop = TEXT.text(20, 3);
    Answer answer = answer(100, stop);
    assertThat(answer.tokens()).isEqualTo(23);
    assertThat(answer.text(0, 23)).isEqualTo(TEXT.text(0, 20));
    assertThat(answer.text(21, 2)).isEmpty();
    assertThat(answer.reason()).isEqualTo(Completion.Reason.STOP);
  }

  @Test
  void theTextIsTheSameHoweverItIsDividedIntoChunks() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 200; round++) {
      int from = random.nextInt(60);
      String words = TEXT.text(from, 1 + random.nextInt(4));
      String stop = words.substring(random.nextInt(words.length()));
      Answer answer = answer(80, stop, "never to be found");
      StringBuilder text = new StringBuilder();
      for (int at = 0; at < answer.tokens(); ) {
        int count = Math.min(1 + random.nextInt(5), answer.tokens() - at);
        text.append(answer.text(at, count));
        at += count;
      }
      assertThat(text.toString()).isEqualTo(expected(TEXT.text(0, 80), stop));
    }
  }

  private static String expected(String whole, String stop) {
    int found = whole.indexOf(stop);
    return found < 0 ? whole : whole.substring(0, found);
  }

  @Test
  void aStopTextThatDoesNotAppearChangesNothing() {
    assertThat(answer(30, "never to be found").tokens()).isEqualTo(30);
    assertThat(answer(30, "").tokens()).isEqualTo(30);
    assertThat(answer(30).text(0, 30)).isEqualTo(TEXT.text(0, 30));
  }

  @Test
  void theContextBoundsTheAnswer() {
    Answer answer = Answer.to(generation(50, List.of()), 8);
    assertThat(answer.tokens()).isEqualTo(8);
    assertThat(answer.reason()).isEqualTo(Completion.Reason.LENGTH);
  }

  private static Answer answer(int tokens, String... stops) {
    return Answer.to(generation(tokens, List.of(stops)), 10_000);
  }

  private static Generation generation(int tokens, List<String> stops) {
    return new Generation(
        "r",
        "m",
        PROMPT,
        new Sampling(1_000, null, null, null, null, stops),
        new Generation.Terms(0, 0, 0, 0, "", "", tokens));
  }
}
