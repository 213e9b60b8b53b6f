package dev.sluice.backends.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class CommandsTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void profilesPrintsOneAlignedLineForEachProfile() {
    int exit = run(new ProfilesCommand());

    assertThat(exit).isZero();
    assertThat(out.toString().lines()).hasSize(Profiles.names().size() + 1);
    assertThat(out.toString().lines())
        .first()
        .asString()
        .containsSubsequence(
            "NAME", "KIND", "DEVICES", "MODEL", "PRECISION", "MS/TOKEN", "CONTEXT", "PRICE");
    assertThat(out.toString())
        .containsPattern(
            "(?m)^h100x4-llama-3.3-70b +GPU +4 +llama-3.3-70b +bf16 +16.01 +131072 +12.00 \\$/h"
                + " +measured$")
        .containsPattern(
            "(?m)^groq-lpu-llama-3.3-70b +LPU +576 +llama-3.3-70b +int8 +3.62 +131072"
                + " +0.59/0.79 \\$/Mtok +published$");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void profilePrintsEachFigureWithItsOriginAndTheBatches() {
    int exit = run(new ProfileCommand(), "h100x4-llama-3.3-70b");

    assertThat(exit).isZero();
    assertThat(out.toString())
        .startsWith("h100x4-llama-3.3-70b: llama-3.3-70b in bf16 on 4 h100 (GPU)")
        .containsPattern("(?m)^step \\(a\\) +15.9 +ms +measured +2026-02 +ML.ENERGY")
        .containsPattern("(?m)^h100 memory +80 +GB +datasheet +2026-11 +Data sheets")
        .containsPattern("(?m)^ +1 +16.01 +62.5 +62 +28.181$")
        .containsPattern("(?m)^ +256 +44.63 +22.4 +5736 +0.490$");
  }

  @Test
  void profilePrintsASlotEngineUpToItsSlots() {
    int exit = run(new ProfileCommand(), "wse3x4-llama-3.3-70b");

    assertThat(exit).isZero();
    assertThat(out.toString())
        .containsPattern("(?m)^time per token +0.4322 +ms +published")
        .containsPattern("(?m)^ +16 +0.43 +2314.0 +37024 ");
  }

  @Test
  void anUnknownNameFailsAndTheNearestIsOffered() {
    int exit = run(new ProfileCommand(), "h100x4-llama-70b");

    assertThat(exit).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "profile: h100x4-llama-70b (expected: a name that 'profiles' lists, such as"
                + " h100x4-llama-3.3-70b)\n");
  }

  private int run(Callable<Integer> command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }
}
