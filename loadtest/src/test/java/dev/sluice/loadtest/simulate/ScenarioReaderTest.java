package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScenarioReaderTest {

  private static final String GOOD =
      """
      title: a title
      about: what it is about
      duration: 20s
      policies: [round-robin]
      traffic:
        - {class: chat, rate: 2, prompt: 100, output: [1, 10, 20, 30, 40]}
      events:
        - {at: 50%, vanish: WAFER}
        - {at: 15s, return: wafer-70b}
      """;

  private static Scenario read(String text) throws IOException {
    return new ScenarioReader("test", file -> "no file " + file).read(text);
  }

  @Test
  void aGoodScenarioIsPlayedAndTold() throws IOException {
    String told = read(GOOD).play(1, QuietProgress.INSTANCE, () -> 0);
    assertThat(told).startsWith("test: a title\n\nwhat it is about\n\nload 1.00: ");
    assertThat(told).containsPattern("round-robin +100.0 %");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "title: a title | titel: a title | title: none (expected: a text)",
        "duration: 20s | duration: soon | duration: soon (expected: a length of time",
        "policies: [round-robin] | policies: [round-robbin] | did you mean 'round-robin'",
        "rate: 2 | rate: 0 | traffic[0].rate: 0 (expected: a number above 0)",
        "rate: 2 | rate: .nan | traffic[0].rate: NaN (expected: a number above 0)",
        "rate: 2 | rat: 2 | traffic[0].rate: none (expected: a number above 0)",
        "prompt: 100 | prompt: -1 | traffic[0].prompt: -1 (expected: a whole number above 0)",
        "prompt: 100 | prompt: [1, 2] | traffic[0].prompt: [1, 2] (expected: tokens, [least",
        "prompt: 100 | prompt: [5, 4, 3, 2, 1] | lengths: 5/4/3/2/1 (expected: rising, from 1)",
        "class: chat | class: talk | traffic[0].class: talk (expected: one of [",
        "class: chat | class: chat, model: gpt | traffic[0].model: gpt (expected: a model",
        "class: chat | class: chat, x: 1 | traffic[0].x: no such key",
        "at: 50% | at: 150% | events[0].at: 150% (expected: a length of time, or a share",
        "at: 50% | at: half | events[0].at: half (expected: a length of time",
        "vanish: WAFER | vanish: TPU | events[0].vanish: TPU (expected: a kind",
        "vanish: WAFER | melt: WAFER | events[0].return: none (expected: a text)"
      })
  void whatIsWrongIsToldWithItsPlace(String good, String bad, String message) {
    assertThatThrownBy(() -> read(GOOD.replace(good, bad)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aFileThatIsNoYamlIsRefused() {
    assertThatThrownBy(() -> read("title: [")).hasMessageStartingWith("not YAML: ");
    assertThatThrownBy(() -> read("")).hasMessageContaining("expected: keys and values");
  }

  @Test
  void whatIsWrongWithTheConfigurationBesideItIsToldToo() {
    assertThatThrownBy(() -> read("config: fleet.yaml\n" + GOOD))
        .hasMessageContaining("fleet.yaml:1:1");
  }
}
