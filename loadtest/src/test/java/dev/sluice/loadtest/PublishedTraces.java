package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The published traces, which lie beside the repository where they are at hand. */
public final class PublishedTraces {
  /** Tests run in the module's folder: its parent is the repository. */
  private static final Path FOLDER = Path.of("../../shared/traces");

  private PublishedTraces() {}

  /** Skips the test, telling why, unless the traces are at hand. */
  public static void assumePresent() {
    assumeTrue(
        Files.isDirectory(FOLDER),
        () -> "no traces at " + FOLDER.toAbsolutePath().normalize() + ": nothing to compare with");
  }

  public static Path file(String name) {
    return FOLDER.resolve(name);
  }
}
