package dev.sluice.loadtest.simulate.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Faults that are put into the attempt machine are found: else what are the seeds worth? */
final class MutantsTest {

  private static final Path WRITTEN = Path.of("src/test/resources/faults/mutants.txt");

  /** Within so many seeds each must be found. */
  private static final int MOST_SEEDS = 1_000;

  private static final String NOT_FOUND = "not found";

  /**
   * Each with the first seed that finds it: with the gateway's own audit watching, and by the three
   * books and the oracle alone. Rewritten by {@code mvn -pl loadtest -am test -Dtest=MutantsTest
   * -Drewrite=true -Dsurefire.failIfNoSpecifiedTests=false}.
   */
  @Test
  void everyMutantIsFoundWhereItIsWrittenDown() throws IOException {
    StringBuilder found = new StringBuilder();
    for (Mutant mutant : Mutant.values()) {
      found.append(mutant).append('\n');
      found.append("  audited: ").append(first(new Rig(mutant, true))).append('\n');
      found.append("  by books: ").append(first(new Rig(mutant, false))).append('\n');
    }
    if (Boolean.getBoolean("rewrite")) {
      Files.writeString(WRITTEN, found);
    }
    assertThat(found.toString()).doesNotContain(NOT_FOUND).isEqualTo(Files.readString(WRITTEN));
  }

  private static String first(Rig rig) {
    for (long seed = 1; seed <= MOST_SEEDS; seed++) {
      String violation = SeedRun.play(seed, rig, null).violation();
      if (violation != null) {
        return "seed " + seed + " " + violation;
      }
    }
    return NOT_FOUND;
  }
}
