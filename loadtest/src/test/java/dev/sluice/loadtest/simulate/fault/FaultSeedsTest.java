package dev.sluice.loadtest.simulate.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FaultSeedsTest {

  /** Those that {@code .ci/run} plays are more; these go with every build. */
  private static final FaultSeeds.Range SOME = new FaultSeeds.Range(1, 200);

  private static final Path KEPT = Path.of("src/test/resources/faults/seeds.txt");

  @Test
  void everyPromiseIsKeptWhateverBreaksAndEachKindOfFaultAndOfRecoveryHappens() {
    FaultSeeds played = FaultSeeds.play(SOME, () -> true, Ignoring.INSTANCE);
    assertThat(played.violations()).isEmpty();
    assertThat(played.isGreen()).isTrue();
    assertThat(played.tally().missing()).isEmpty();
    assertThat(played.played()).isEqualTo(SOME.size());
  }

  /** Seeds that once broke a promise, one a line, each with what was wrong. */
  static List<Long> keptSeeds() throws IOException {
    return Files.readAllLines(KEPT).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> Long.parseLong(line.substring(0, line.indexOf(' '))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("keptSeeds")
  void aSeedThatOnceBrokeAPromiseDoesSoNoMore(long seed) {
    assertThat(SeedRun.play(seed, Rig.PRODUCTION, null).violation()).isNull();
  }

  @Test
  void aSeedIsTheSameRunEventByEventWheneverItIsPlayed() {
    for (long seed = 1; seed <= 5; seed++) {
      List<String> log = new ArrayList<>();
      SeedResult told = SeedRun.play(seed, Rig.PRODUCTION, log::add);
      List<String> again = new ArrayList<>();
      SeedResult toldAgain = SeedRun.play(seed, Rig.PRODUCTION, again::add);
      assertThat(again).isEqualTo(log).isNotEmpty();
      assertThat(toldAgain.traceHash()).isEqualTo(told.traceHash());
      assertThat(SeedRun.play(seed, Rig.PRODUCTION, null).traceHash()).isEqualTo(told.traceHash());
      assertThat(SeedRun.play(seed + 1, Rig.PRODUCTION, null).traceHash())
          .isNotEqualTo(told.traceHash());
    }
  }

  @Test
  void aViolationEndsItsSeedAndIsReproducedByIt() {
    Rig rig = new Rig(Mutant.MISCOUNTS, true);
    SeedResult result = SeedRun.play(1, rig, null);
    assertThat(result.violation()).contains("request").startsWith("at ");
    assertThat(SeedRun.play(1, rig, null)).usingRecursiveComparison().isEqualTo(result);
  }

  @Test
  void playingStopsWhenItsTimeIsOver() {
    FaultSeeds played = FaultSeeds.play(SOME, () -> false, Ignoring.INSTANCE);
    assertThat(played.played()).isZero();
    assertThat(played.summary(1)).contains("seeds 1..200: 0 run in 0.0 s, 0 a second");
  }

  @Test
  void seedsAreNamedByTheirEnds() {
    assertThat(FaultSeeds.Range.parse("3..7")).isEqualTo(new FaultSeeds.Range(3, 7));
    assertThat(FaultSeeds.Range.parse("17")).isEqualTo(new FaultSeeds.Range(17, 17));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "7..3", "1..2..3", "-1..2", "1..", "1-2"})
  void whatNamesNoSeedsIsRefused(String text) {
    assertThatThrownBy(() -> FaultSeeds.Range.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: as 1..2000)");
  }
}
