package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What {@code sluice check} tells a person, and {@code sluice serve} before it would start. */
final class CheckCommandTest {

  private static final String FILE =
      """
      models:
        - {name: llama-3.3-70b, context_tokens: 8192}
      fleet:
        - {id: lpu, kind: emulated, model: llama-3.3-70b, profile: groq-lpu-llama-3.3-70b,
           settings: {slots: 1}}
        - {id: far, kind: sluice, model: llama-3.3-70b, profile: h100x4-llama-3.3-70b,
           settings: {address: 'localhost:1', connections: 1}}
      """;

  @TempDir private Path dir;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aGoodFileIsSummedUp() throws Exception {
    Path file = write(FILE);
    assertThat(run(new CheckCommand(), file.toString())).isZero();
    assertThat(out)
        .hasToString(
            "%s: good: 1 models, 0 service classes, 2 backends, policy bid-price%n"
                .formatted(file));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void enginesThatWouldBeStartedAreLookedForAndNotStarted() throws Exception {
    Path started = dir.resolve("started");
    Path program = Files.writeString(dir.resolve("engine"), "#!/bin/sh\ntouch " + started + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    String far = "settings: {address: 'localhost:1', connections: 1}";
    String found = FILE.replace(far, far + ",\n     start: {command: [./engine]}");
    Path file = write(found);
    assertThat(run(new CheckCommand(), file.toString())).isZero();
    assertThat(out.toString().lines())
        .last()
        .isEqualTo("engine of far would be started: " + dir.resolve("./engine"));
    assertThat(started).doesNotExist();
    write(found.replace("./engine]", "./none], install: make it"));
    assertThat(run(new CheckCommand(), file.toString())).isZero();
    assertThat(out.toString().lines())
        .last()
        .isEqualTo(
            "engine of far would not be started: "
                + file
                + ":8:24: fleet[1].start.command[0]: './none' is not there (expected: a program"
                + " that can be run); to install it: make it");
  }

  @Test
  void valuesThatAKindCannotUseAreExitCode1WithTheirPlaces() throws Exception {
    Path file = write(FILE.replace("slots: 1", "slots: 0").replace("ions: 1", "ions: 0"));
    assertThat(run(new CheckCommand(), file.toString())).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            file + ":5:24: fleet[0].settings.slots: '0' (expected: 1 to 2147483647)",
            file + ":7:54: fleet[1].settings.connections: '0' (expected: 1 to 64)",
            "2 problems");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void serveRefusesThemInTheSameWords() throws Exception {
    Path file = write(FILE.replace("slots: 1", "slots: 0"));
    assertThat(run(new ServeCommand(), "--config", file.toString())).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            file + ":5:24: fleet[0].settings.slots: '0' (expected: 1 to 2147483647)", "1 problem");
  }

  private Path write(String text) throws Exception {
    return Files.writeString(dir.resolve("sluice.yaml"), text);
  }

  private int run(Object command, String... arguments) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
