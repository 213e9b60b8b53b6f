package dev.sluice.gateway.config;

import static dev.sluice.gateway.config.ConfigFixtures.SMALLEST;
import static dev.sluice.gateway.config.ConfigFixtures.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** No file, however it came about, ends in anything but a result. */
final class HostileFilesTest {

  private static final int LARGEST = Boolean.getBoolean("thorough") ? 1 << 20 : 1 << 17;
  private static final int MUTATIONS = Boolean.getBoolean("thorough") ? 500 : 100;

  private final ConfigLoader loader = ConfigLoader.ofThisProcess(Path.of(""));

  @Test
  void aFileWithRandomCharactersIsGoodOrFaulty() throws Exception {
    byte[] shipped = Files.readAllBytes(Path.of("conf/sluice.yaml"));
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = shipped.clone();
      for (int j = random.nextInt(1, 6); j > 0; j--) {
        mutated[random.nextInt(mutated.length)] =
            (byte) "\n :-[]{}&*#'\"0aZ,|>%@!?.\t".charAt(random.nextInt(25));
      }
      check(new String(mutated, StandardCharsets.UTF_8), i);
    }
  }

  @Test
  void aFileWithLinesMovedLostAndRepeatedIsGoodOrFaulty() throws Exception {
    List<String> shipped = Files.readAllLines(Path.of("conf/sluice.yaml"));
    for (int i = 0; i < MUTATIONS; i++) {
      Random random = new Random(i);
      List<String> lines = new ArrayList<>(shipped);
      for (int j = random.nextInt(1, 6); j > 0; j--) {
        int at = random.nextInt(lines.size());
        switch (random.nextInt(4)) {
          case 0 -> lines.remove(at);
          case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
          case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
          default -> lines.set(at, "  " + lines.get(at));
        }
      }
      check(String.join("\n", lines), i);
    }
  }

  private void check(String text, int seed) {
    switch (loader.parse("mutated", text)) {
      case ConfigLoader.Loaded(GatewayConfig config) ->
          assertThat(config.fleet()).as("mutation %d", seed).isNotEmpty();
      case ConfigLoader.Faulty(List<ConfigProblem> found) ->
          assertThat(found)
              .as("mutation %d", seed)
              .isNotEmpty()
              .allSatisfy(problem -> assertThat(problem.line()).isBetween(1, lines(text)))
              .allSatisfy(problem -> assertThat(problem.column()).isPositive())
              .isSortedAccordingTo(
                  Comparator.comparingInt(ConfigProblem::line)
                      .thenComparingInt(ConfigProblem::column));
    }
  }

  private static int lines(String text) {
    return (int) text.chars().filter(c -> c == '\n' || c == '\r').count() + 1;
  }

  @Test
  void nestingIsBounded() {
    assertThat(problems("[".repeat(LARGEST)))
        .containsExactly("f:1:33: not YAML: more than 32 levels");
    assertThat(problems("{a: ".repeat(LARGEST / 4)))
        .singleElement()
        .asString()
        .endsWith("more than 32 levels");
    assertThat(problems("- ".repeat(LARGEST / 2)))
        .singleElement()
        .asString()
        .endsWith("more than 32 levels");
  }

  @Test
  void aliasesDoNotMultiply() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(10)));
    }
    assertThat(problems(bomb.toString())).singleElement().asString().contains("aliases");
    assertThat(problems("models: &m [*m]\nfleet: *m\n")).hasSizeLessThan(10);
    String wide = "a, ".repeat(9_999);
    String many = "{name: m, context_tokens: 1, aliases: *x}, ".repeat(49);
    assertThat(problems("x: &x [" + wide + "]\nmodels: [" + many + "]\nfleet: []\n"))
        .hasSizeLessThanOrEqualTo(1000);
  }

  @Test
  void aValueOrKeyAsLongAsTheFileIsShownInShort() {
    String digits = "9".repeat(LARGEST - 1000);
    for (String key : List.of("context_tokens", "max_output_tokens")) {
      assertThat(problems("models: [{name: a, " + key + ": " + digits + "}]\nfleet: [a]"))
          .allSatisfy(problem -> assertThat(problem).hasSizeLessThan(200));
    }
    assertThat(problems(SMALLEST + "service_classes: [{name: a, value: " + digits + "}]"))
        .singleElement()
        .asString()
        .hasSizeLessThan(200);
    assertThat(problems(SMALLEST + "? " + digits + "\n: 1\n"))
        .singleElement()
        .asString()
        .hasSizeLessThan(200);
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    assertThat(problems(SMALLEST + "\"\\e[2J\\n\": 1\n"))
        .containsExactly(
            "f:9:1: unknown key '?[2J?' (expected: one of listeners, models, service_classes,"
                + " fleet, policy, limits)");
  }

  @Test
  void problemsAreBounded() {
    StringBuilder keys = new StringBuilder(SMALLEST);
    for (int i = 0; i < 50_000; i++) {
      keys.append("k").append(i).append(": 1\n");
    }
    assertThat(problems(keys.toString())).hasSize(1000);
  }

  @Test
  void backendsAreBoundedHoweverFewEntriesStandForThem() {
    StringBuilder text = new StringBuilder(SMALLEST);
    for (int i = 0; i < 12; i++) {
      text.append("  - {id: b").append(i);
      text.append(", kind: emulated, model: llama-3.3-70b, profile: h100x4-llama-3.3-70b");
      text.append(", count: 1000}\n");
    }
    assertThat(problems(text.toString()))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).contains("more than 10000"));
  }
}
