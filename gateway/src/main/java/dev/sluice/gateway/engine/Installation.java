package dev.sluice.gateway.engine;

import dev.sluice.gateway.config.GatewayConfig;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What an engine needs of this machine: all there, or something missing. */
public sealed interface Installation {

  /**
   * Everything is there.
   *
   * @param program the program, absolute
   */
  record Found(Path program) implements Installation {}

  /**
   * Something is not.
   *
   * @param text what, where the file names it, and what to type
   */
  record Missing(String text) implements Installation {}

  /**
   * Where is looked.
   *
   * @param folder where the paths of the file begin
   * @param searchPath folders with programs, as PATH has them
   */
  record Places(Path folder, String searchPath) {

    /** {@code folder} and this process's own PATH. */
    public static Places beside(Path folder) {
      return new Places(folder, Objects.requireNonNullElse(System.getenv("PATH"), ""));
    }

    /** Not normalised, as what stands before {@code ..} may be a link. */
    Path resolve(String name) {
      return folder.resolve(name).toAbsolutePath();
    }
  }

  /** Looks for what {@code start} needs; starts nothing. */
  static Installation of(GatewayConfig.Start start, Places places) {
    Optional<Path> program = program(start.program().text(), places);
    if (program.isEmpty()) {
      return missing(start.program(), "a program that can be run", start);
    }
    for (GatewayConfig.Cited file : start.files()) {
      if (first(Stream.of(file.text()), places, Files::isReadable).isEmpty()) {
        return missing(file, "a file that can be read", start);
      }
    }
    return new Found(program.get());
  }

  private static Optional<Path> program(String name, Places places) {
    Stream<String> candidates =
        name.contains("/")
            ? Stream.of(name)
            : Stream.of(places.searchPath().split(File.pathSeparator))
                // an empty folder of the PATH is the current one, where nobody means to look
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).toAbsolutePath() + "/" + name);
    return first(candidates, places, path -> Files.isRegularFile(path) && Files.isExecutable(path));
  }

  private static Optional<Path> first(Stream<String> names, Places places, Predicate<Path> isGood) {
    try {
      return names.map(places::resolve).filter(isGood).findFirst();
    } catch (InvalidPathException _) {
      return Optional.empty(); // no file can have such a name
    }
  }

  private static Missing missing(
      GatewayConfig.Cited what, String expected, GatewayConfig.Start start) {
    boolean isSearched = what.equals(start.program()) && !what.text().contains("/");
    String install = start.install();
    return new Missing(
        "%s: '%s' is %s (expected: %s)%s"
            .formatted(
                what.place(),
                what.text(),
                isSearched ? "in no folder of the PATH" : "not there",
                expected,
                install == null ? "" : "; to install it: " + install));
  }
}
