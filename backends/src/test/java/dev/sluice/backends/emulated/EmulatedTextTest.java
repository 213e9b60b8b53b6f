package dev.sluice.backends.emulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.sluice.backends.Prompt;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class EmulatedTextTest {

  private static final Prompt TEXT = new Prompt.Text("Hello");

  /** Recorded answers are checked against these: a change makes every recording wrong. */
  @Test
  void theAnswersAreTheRecordedOnes() {
    assertThat(EmulatedText.of("llama-3.3-70b", TEXT, 42L).text(0, 12))
        .isEqualTo("星星風 їжак into ⵜⵉⴼⵉⵏⴰⵖ their have ⴰⴽⴰⵍ光 ελπίδα which წყალი");
    assertThat(
            EmulatedText.of("m", new Prompt.Chat(List.of(new Prompt.Message("user", "ⵣ 🙂"))), null)
                .text(0, 8))
        .isEqualTo("over ஒளி سماء щука بحر光 ⴰⵢⵢⵓⵔ coração");
    assertThat(EmulatedText.of("m", new Prompt.TokenIds(new int[] {1, 2, 3}), 0L).text(100, 8))
        .isEqualTo(" had ספר would no would🇲🇦 down🙂");
    assertThat(EmulatedText.of("llama-3.3-70b", TEXT, 42L).length()).isEqualTo(54);
  }

  @Test
  void modelPromptAndSeedEachChangeTheAnswer() {
    Set<String> answers = new HashSet<>();
    answers.add(EmulatedText.of("m", TEXT, 1L).text(0, 20));
    answers.add(EmulatedText.of("n", TEXT, 1L).text(0, 20));
    answers.add(EmulatedText.of("m", TEXT, 2L).text(0, 20));
    answers.add(EmulatedText.of("m", new Prompt.Text("Hello!"), 1L).text(0, 20));
    answers.add(
        EmulatedText.of("m", new Prompt.Chat(List.of(new Prompt.Message("user", "Hello"))), 1L)
            .text(0, 20));
    answers.add(
        EmulatedText.of("m", new Prompt.Chat(List.of(new Prompt.Message("userH", "ello"))), 1L)
            .text(0, 20));
    assertThat(answers).hasSize(6);
  }

  @Test
  void noSeedIsSeedZero() {
    assertThat(EmulatedText.of("m", TEXT, null).text(0, 20))
        .isEqualTo(EmulatedText.of("m", TEXT, 0L).text(0, 20));
  }

  @Test
  void aTextIsItsTokensInARow() {
    EmulatedText text = EmulatedText.of("m", TEXT, 3L);
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      assertThat(text.token(i)).isNotEmpty();
      joined.append(text.token(i));
    }
    assertThat(text.text(0, 500)).isEqualTo(joined.toString());
    assertThat(text.text(0, 200) + text.text(200, 300)).isEqualTo(joined.toString());
    assertThat(text.text(7, 0)).isEmpty();
  }

  @Test
  void severalScriptsAndCharactersBeyondTheBasicPlaneAppear() {
    String text = EmulatedText.of("m", TEXT, 3L).text(0, 2_000);
    for (Character.UnicodeScript script :
        List.of(
            Character.UnicodeScript.LATIN,
            Character.UnicodeScript.ARABIC,
            Character.UnicodeScript.TIFINAGH,
            Character.UnicodeScript.HAN,
            Character.UnicodeScript.CYRILLIC,
            Character.UnicodeScript.DEVANAGARI)) {
      assertThat(text.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == script))
          .as(script.name())
          .isTrue();
    }
    assertThat(text.codePoints().anyMatch(Character::isSupplementaryCodePoint)).isTrue();
  }

  @Test
  void theVocabularyIsEvenlyUsed() {
    EmulatedText text = EmulatedText.of("m", TEXT, 3L);
    String[] vocabulary = Vocabulary.tokens();
    assertThat(vocabulary).doesNotHaveDuplicates();
    Set<String> used = new HashSet<>();
    for (int i = 0; i < 20 * vocabulary.length; i++) {
      used.add(text.token(i + 1));
    }
    assertThat(used).hasSize(vocabulary.length);
  }

  /** Azure 2023, conversation: p50 129, p90 424; 20,000 draws, 5 %. */
  @Test
  void lengthsAreSpreadLikeThoseOfRealConversations() {
    int[] lengths = new int[20_000];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = EmulatedText.of("m", new Prompt.Text("question " + i), 0L).length();
    }
    Arrays.sort(lengths);
    assertThat(lengths[0]).isPositive();
    assertThat(lengths[10_000]).isCloseTo(129, withPercentage(5));
    assertThat(lengths[18_000]).isCloseTo(424, withPercentage(5));
  }

  @Test
  void aNegativeIndexIsRefused() {
    assertThatThrownBy(() -> EmulatedText.of("m", TEXT, 0L).token(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("index: -1 (expected: >= 0)");
  }
}
