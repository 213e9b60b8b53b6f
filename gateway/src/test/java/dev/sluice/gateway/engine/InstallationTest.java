package dev.sluice.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.config.GatewayConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of an engine is there, and what a person is told of the rest. */
final class InstallationTest {

  @TempDir private Path folder;
  private Path bin;
  private Installation.Places places;

  @BeforeEach
  void thereIsAFolderOfPrograms() throws Exception {
    bin = Files.createDirectory(folder.resolve("bin"));
    places = new Installation.Places(folder, "/nowhere::" + bin);
  }

  @Test
  void aNameIsLookedForOnThePath() throws Exception {
    Path program = program(bin.resolve("llama-server"));
    assertThat(Installation.of(start("llama-server", "pip install it"), places))
        .isEqualTo(new Installation.Found(program));
  }

  @Test
  void aPathIsLookedForBesideTheFile() throws Exception {
    Path program = program(bin.resolve("llama-server"));
    assertThat(Installation.of(start("bin/llama-server", null), places))
        .isEqualTo(new Installation.Found(program));
  }

  @Test
  void aProgramThatIsMissingIsNamedWithItsPlaceAndWhatToType() {
    assertThat(Installation.of(start("llama-server", "pip install it"), places))
        .isEqualTo(
            new Installation.Missing(
                "f:1:2: command[0]: 'llama-server' is in no folder of the PATH (expected: a program"
                    + " that can be run); to install it: pip install it"));
    assertThat(Installation.of(start("bin/llama-server", null), places))
        .isEqualTo(
            new Installation.Missing(
                "f:1:2: command[0]: 'bin/llama-server' is not there (expected: a program that can"
                    + " be run)"));
  }

  @Test
  void aProgramThatMayNotBeRunIsMissing() throws Exception {
    Files.writeString(bin.resolve("llama-server"), "");
    assertThat(Installation.of(start("llama-server", null), places))
        .isInstanceOf(Installation.Missing.class);
    assertThat(Installation.of(start("./bin", null), places))
        .isInstanceOf(Installation.Missing.class);
  }

  @Test
  void aNameThatNoFileCanHaveIsMissing() {
    assertThat(Installation.of(start("a\0b", null), places))
        .isInstanceOf(Installation.Missing.class);
  }

  @Test
  void weightsThatAreMissingAreNamedAlike() throws Exception {
    program(bin.resolve("llama-server"));
    GatewayConfig.Start start =
        new GatewayConfig.Start(
            new GatewayConfig.Cited("llama-server", "f:1:2: command[0]"),
            List.of(),
            List.of(new GatewayConfig.Cited("gemma.gguf", "f:3:4: files[0]")),
            null,
            "fetch it");
    assertThat(Installation.of(start, places))
        .isEqualTo(
            new Installation.Missing(
                "f:3:4: files[0]: 'gemma.gguf' is not there (expected: a file that can be read); to"
                    + " install it: fetch it"));
    Files.writeString(folder.resolve("gemma.gguf"), "weights");
    assertThat(Installation.of(start, places)).isInstanceOf(Installation.Found.class);
  }

  private static Path program(Path path) throws Exception {
    Files.writeString(path, "#!/bin/sh\n");
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
  }

  private static GatewayConfig.Start start(String program, @Nullable String install) {
    return new GatewayConfig.Start(
        new GatewayConfig.Cited(program, "f:1:2: command[0]"), List.of(), List.of(), null, install);
  }
}
