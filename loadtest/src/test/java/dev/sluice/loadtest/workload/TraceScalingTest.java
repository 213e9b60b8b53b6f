package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceScalingTest {
  private static final int ROWS = 10_000;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1, 0.1", "2, 0.3", "3, 0.5", "4, 0.7", "5, 0.9"})
  void thinningKeepsConversationsWhole(long seed, double factor) throws IOException {
    TraceSource source = trace(seed, new ArrivalProcess.Poisson());
    Map<Long, Long> before = turns(TraceFixtures.rows(source));
    try (TraceCursor cursor = source.scaledBy(factor).open()) {
      List<TraceRow> kept = TraceFixtures.drain(cursor);
      assertThat(turns(kept))
          .allSatisfy((key, count) -> assertThat(count).isEqualTo(before.get(key)));
      assertThat(kept.size() / (double) ROWS).isCloseTo(factor, within(0.05));
      assertThat(cursor.fidelity().followUpsKept()).isEqualTo(1);
    }
  }

  @Test
  void thinningMoreKeepsAPartOfWhatThinningLessKeeps() throws IOException {
    TraceSource source = trace(1, new ArrivalProcess.Poisson());
    Set<TraceRow> more = new HashSet<>(TraceFixtures.rows(source.scaledBy(0.6)));
    assertThat(TraceFixtures.rows(source.scaledBy(0.2))).isNotEmpty().allMatch(more::contains);
  }

  @ParameterizedTest
  @CsvSource({"1, 1.5, 1", "2, 2, 1", "3, 3.25, 1", "4, 4, 0.95"})
  void overlayKeepsTheVariationOfTheGaps(long seed, double factor, double variation)
      throws IOException {
    TraceSource source = trace(seed, new ArrivalProcess.Gamma(variation));
    try (TraceCursor cursor = source.scaledBy(factor).open()) {
      List<TraceRow> rows = TraceFixtures.drain(cursor);
      assertThat(rows).isSortedAccordingTo(Comparator.comparingLong(TraceRow::atNanos));
      assertThat(rows.size() / (double) ROWS).isCloseTo(factor, within(0.05));
      assertThat(cursor.fidelity().gapVariationRatio()).isCloseTo(1, within(0.05));
      assertThat(cursor.fidelity().rateError()).isCloseTo(0, within(0.05));
    }
  }

  @Test
  void anOverlaidCopyIsTheTraceShiftedAroundItsEndAmongOtherUsers() throws IOException {
    TraceSource source = trace(7, new ArrivalProcess.Poisson());
    List<TraceRow> original = TraceFixtures.rows(source);
    List<TraceRow> overlaid = TraceFixtures.rows(source.scaledBy(2));
    List<TraceRow> copy = overlaid.stream().filter(row -> row.prefix().space() == 1).toList();
    long circleNanos = original.getLast().atNanos() + 1;
    TraceRow first = original.getFirst().inCopy(1);
    long shiftNanos =
        copy.stream()
            .filter(row -> row.turn().equals(first.turn()) && row.prefix().equals(first.prefix()))
            .findFirst()
            .orElseThrow()
            .atNanos();
    List<TraceRow> expected =
        original.stream()
            .map(row -> row.inCopy(1).at((row.atNanos() + shiftNanos) % circleNanos))
            .sorted(Comparator.comparingLong(TraceRow::atNanos))
            .toList();
    assertThat(copy).isEqualTo(expected);
    assertThat(overlaid.stream().filter(row -> row.prefix().space() == 0).toList())
        .isEqualTo(original);
    assertThat(turns(copy).keySet()).noneMatch(turns(original)::containsKey);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 2.4})
  void cursorAndListAgree(double factor) throws IOException {
    TraceSource source = trace(11, new ArrivalProcess.Poisson()).scaledBy(factor);
    Trace trace = Trace.read(source);
    try (TraceCursor cursor = source.open()) {
      assertThat(TraceFixtures.drain(cursor)).isEqualTo(trace.rows());
      assertThat(cursor.summary()).isEqualTo(trace.summary());
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, 3})
  void conversationsOfAClosedLoopStayInOnePieceAndInOrder(double factor) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines.append(
          ("{\"id\":\"c%d\",\"block_size\":64,\"requests\":[{\"t\":0,\"in\":64,\"out\":1},"
                  + "{\"t\":90,\"in\":64,\"out\":1},{\"t\":900,\"in\":64,\"out\":1}]}\n")
              .formatted(i));
    }
    Path file = Files.writeString(folder.resolve("agents"), lines);
    List<TraceRow> rows =
        TraceFixtures.rows(new TraceSource(List.of(file), TraceOptions.seeded(1)).scaledBy(factor));
    Map<Long, Long> starts = new HashMap<>();
    Map<Long, Integer> reached = new HashMap<>();
    for (TraceRow row : rows) {
      long start = starts.computeIfAbsent(row.turn().conversation(), _ -> row.atNanos());
      int ordinal = reached.merge(row.turn().conversation(), 1, Integer::sum) - 1;
      assertThat(row.turn().ordinal()).isEqualTo(ordinal);
      assertThat(row.turn().previous()).isEqualTo(ordinal - 1);
      assertThat((row.atNanos() - start) / 1_000_000_000L)
          .isEqualTo(List.of(0L, 90L, 900L).get(ordinal));
    }
    assertThat(reached.values()).containsOnly(3);
    assertThat(rows.size() / 900.0).isCloseTo(factor, within(0.1));
    assertThat(rows).isSortedAccordingTo(Comparator.comparingLong(TraceRow::atNanos));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1000})
  void aFactorThatScalesToNothingIsRefused(double factor) throws IOException {
    TraceSource source = trace(1, new ArrivalProcess.Poisson());
    assertThatThrownBy(() -> source.scaledBy(factor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rate scale: " + factor + " (expected: above 0, up to 100)");
  }

  @Test
  void aFactorThatLeavesNoRowSaysSo() throws IOException {
    TraceSource source = trace(1, new ArrivalProcess.Poisson()).scaledBy(1e-9);
    assertThatThrownBy(() -> Trace.read(source))
        .isInstanceOf(TraceException.class)
        .hasMessage("rate scale: 1.0E-9 leaves no request (expected: a higher one)");
  }

  @Test
  void aLowerRateLeavesOutWholeConversations() throws IOException {
    Trace trace = Trace.read(trace(1, new ArrivalProcess.Poisson()));
    Map<Long, Long> before = turns(trace.rows());
    List<TraceRow> kept =
        new RateScaling(trace.rows(), 1).toRate(40, trace.rows().getLast().atNanos() + 1);
    assertThat(turns(kept))
        .allSatisfy((key, count) -> assertThat(count).isEqualTo(before.get(key)));
    assertThat(kept.size())
        .isEqualTo(Math.toIntExact(Math.round(40 * trace.summary().spanSeconds())));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN})
  void aRateThatIsNoneIsRefused(double rate) throws IOException {
    Trace trace = Trace.read(trace(1, new ArrivalProcess.Poisson()));
    ScheduleBuilder builder = new ScheduleBuilder(ClassMix.parse("chat=1", Map.of()), 1);
    assertThatThrownBy(
            () -> builder.fromTrace(trace, OptionalDouble.of(rate), OptionalLong.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rate: ");
  }

  @Test
  void fidelityTellsRowsThatLostTheTurnBeforeThem() {
    List<TraceRow> whole = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      whole.add(
          new TraceRow(i * 1_000_000_000L, 1, 1, PrefixBlocks.NONE)
              .in(Turn.recorded(1 + i % 20, i / 20)));
    }
    List<TraceRow> thinned = whole.stream().filter(row -> row.turn().ordinal() != 1).toList();
    Fidelity fidelity =
        new Fidelity(
            0.8, TraceFixtures.summary(whole).given(), TraceFixtures.summary(thinned).given());
    assertThat(fidelity.rateError()).isCloseTo(0, within(1e-12));
    assertThat(fidelity.followUpsKept()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(fidelity.describe())
        .isEqualTo(
            "scaled by 0.800: 0.81 req/s (+0.0 %), CV of gaps 1.78 (was 0.00), 66.7 % of follow-up"
                + " turns have the turn before");
  }

  /** Own CSV: half the rows in conversations of a few turns, some of them with long prompts. */
  private TraceSource trace(long seed, ArrivalProcess arrivals) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder lines =
        new StringBuilder("arrival_s,input_tokens,output_tokens,conversation,prefix\n");
    double at = 0;
    for (int i = 0; i < ROWS; i++) {
      at += arrivals.drawGap(random) / 100;
      String conversation = random.nextBoolean() ? "c" + (i / 500 * 50 + random.nextInt(50)) : "";
      lines.append(String.format(Locale.ROOT, "%.9f,600,1,%s,%d+2%n", at, conversation, 2 * i));
    }
    Path file = Files.writeString(folder.resolve("trace"), lines);
    return new TraceSource(List.of(file), TraceOptions.seeded(seed));
  }

  private static Map<Long, Long> turns(List<TraceRow> rows) {
    return rows.stream()
        .filter(row -> row.turn().inConversation())
        .collect(Collectors.groupingBy(row -> row.turn().conversation(), Collectors.counting()));
  }
}
