package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every policy to what it did in each scenario: whoever changes that, shows what changed. */
final class ScenariosTest {

  private static final Path FOLDER = Path.of("scenarios");

  /** Two that cost little and differ much; all of them where it is thorough, or rewrites. */
  static List<String> names() {
    return Boolean.getBoolean("thorough") || Boolean.getBoolean("rewrite")
        ? Scenario.names()
        : List.of("cost", "export-limits");
  }

  /**
   * All are rewritten by {@code mvn -pl loadtest -am test -Dtest=ScenariosTest -Drewrite=true
   * -Dsurefire.failIfNoSpecifiedTests=false}.
   */
  @ParameterizedTest
  @MethodSource("names")
  void aScenarioComesOutAsItIsWrittenDown(String name) throws IOException {
    String played = Scenario.named(name).play(1, QuietProgress.INSTANCE, () -> 0);
    Path written = FOLDER.resolve(name + ".txt");
    if (Boolean.getBoolean("rewrite")) {
      Files.writeString(written, played);
    }
    assertThat(played).isEqualTo(Files.readString(written));
  }

  @Test
  void everyScenarioInTheFolderIsShippedAndWrittenDown() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".yaml"))
              .map(file -> file.substring(0, file.length() - ".yaml".length()))
              .toList();
      assertThat(names).containsExactlyInAnyOrderElementsOf(Scenario.names());
      assertThat(names).allMatch(name -> Files.exists(FOLDER.resolve(name + ".txt")));
    }
  }

  @Test
  void aScenarioIsTheSameFromItsFileAndHoweverManyRunsArePlayedAtOnce() throws IOException {
    String name = "export-limits";
    assertThat(Scenario.in(FOLDER.resolve(name + ".yaml")).play(3, QuietProgress.INSTANCE, () -> 0))
        .isEqualTo(Scenario.named(name).play(1, QuietProgress.INSTANCE, () -> 0));
  }
}
