package dev.sluice.backends.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfileFileTest {

  private static final Profile FITTED =
      new Profile(
          "fitted-gemma",
          new Profile.Deployment(AcceleratorKind.CPU, "this-machine", 1, "gemma", "unknown"),
          new Service.Batch(
              7.3e6,
              19e6,
              1_500,
              8.8e6,
              Service.HostFloor.NONE,
              new Service.BatchLimits(512, 4, 16_384, 16, true)),
          5e6,
          new Profile.Energy(0, 0.5, 0.01, 3),
          new Profile.Price(0.05, 0, 0),
          4096);

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("fitted.yaml"), text);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    String text = ProfileFile.text(FITTED, "measured once\nand again");
    assertThat(text).startsWith("# measured once\n# and again\nname: fitted-gemma\n");
    assertThat(ProfileFile.read(file(text))).isEqualTo(FITTED);
  }

  @Test
  void energyAndPriceMayBeLeftOut() throws IOException {
    String text = ProfileFile.text(FITTED, "").replaceAll("(?m)^(energy|price):.*\n", "");
    Profile read = ProfileFile.read(file(text));
    assertThat(read.energy()).isEqualTo(new Profile.Energy(0, 0, 0, 0));
    assertThat(read.price()).isEqualTo(new Profile.Price(0, 0, 0));
  }

  @Test
  void whatIsWrongIsNamedWithItsFileItsKeyAndWhatWasExpected() throws IOException {
    String good = ProfileFile.text(FITTED, "");
    problem(
        good.replace("step: 7.3 ms", "step: fast"), "batch step: fast (expected: a number of ns");
    problem(good.replace("step: 7.3 ms", "step: NaN ms"), "batch step: NaN ms (expected: a number");
    problem(good.replace("step: 7.3 ms", "step: 0 ms"), "batch step: 0 ms (expected: above 0)");
    problem(
        good.replace("kind: CPU", "kind: ABACUS"), "deployment kind: ABACUS (expected: one of [");
    problem(good + "colour: red\n", "colour: unknown key (expected: one of [");
    problem(good.replace("contextTokens: 4096\n", ""), "contextTokens: missing (expected: a whole");
    problem("- a list", ": no mapping (expected: one mapping as a whole)");
    problem("a: [", "while parsing");
    assertThatThrownBy(() -> ProfileFile.read(folder.resolve("none.yaml")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("none.yaml: no such file");
  }

  private void problem(String text, String message) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> ProfileFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }
}
