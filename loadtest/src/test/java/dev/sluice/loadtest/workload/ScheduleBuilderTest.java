package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScheduleBuilderTest {
  private static final long SECOND = 1_000_000_000L;
  private static final ClassMix MIX =
      ClassMix.parse("coding=0.1,interactive=0.6,relaxed=0.2,batch=0.1", Map.of());

  @Test
  void equalSeedsGiveEqualSchedulesByteForByte() throws IOException {
    assertThat(sha256(synthetic(7)))
        .isEqualTo(sha256(synthetic(7)))
        .isNotEqualTo(sha256(synthetic(8)));
  }

  @Test
  void anotherMixLeavesArrivalsAndLengthsAsTheyWere() {
    Schedule other =
        new ScheduleBuilder(ClassMix.parse("chat=1", Map.of()), 7)
            .synthetic(new ArrivalProcess.Poisson(), 100, 20 * SECOND);
    assertThat(other.requests())
        .extracting(ScheduledRequest::intendedNanos)
        .isEqualTo(synthetic(7).requests().stream().map(ScheduledRequest::intendedNanos).toList());
    assertThat(other.requests())
        .extracting(ScheduledRequest::inputTokens)
        .isEqualTo(synthetic(7).requests().stream().map(ScheduledRequest::inputTokens).toList());
  }

  @Test
  void classesComeInTheirShares() {
    Schedule schedule =
        new ScheduleBuilder(MIX, 1).synthetic(new ArrivalProcess.Poisson(), 1000, 20 * SECOND);
    double interactive =
        schedule.requests().stream()
            .filter(request -> request.serviceClass().name().equals("interactive"))
            .count();
    assertThat(interactive / schedule.requests().size()).isCloseTo(0.6, within(0.02));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 2, 4})
  void gammaGapsHaveTheVariationAskedFor(double variation) {
    ArrivalProcess gamma = new ArrivalProcess.Gamma(variation);
    SplittableRandom random = new SplittableRandom(1);
    double sum = 0;
    double squares = 0;
    int draws = Boolean.getBoolean("thorough") ? 2_000_000 : 500_000;
    for (int i = 0; i < draws; i++) {
      double gap = gamma.drawGap(random);
      sum += gap;
      squares += gap * gap;
    }
    double mean = sum / draws;
    assertThat(mean).isCloseTo(1, within(0.02));
    assertThat(Math.sqrt(squares / draws - mean * mean) / mean)
        .isCloseTo(variation, within(0.02 * variation));
  }

  @Test
  void syntheticLengthsMeetThePublishedQuantiles() {
    LengthDistribution input = LengthDistribution.AZURE_2023_CONVERSATION_INPUT;
    assertThat(List.of(input.at(0.5), input.at(0.9), input.at(0.99)))
        .containsExactly(1020, 2735, 4142);
    LengthDistribution output = LengthDistribution.AZURE_2023_CONVERSATION_OUTPUT;
    assertThat(List.of(output.at(0.5), output.at(0.9), output.at(0.99)))
        .containsExactly(129, 424, 601);
  }

  @Test
  void aLowerRateThinsTheTraceAndKeepsItsTimes() {
    Trace trace = everySecond(100);
    Schedule schedule =
        new ScheduleBuilder(MIX, 1)
            .fromTrace(trace, OptionalDouble.of(0.25), OptionalLong.of(80 * SECOND));
    assertThat(schedule.requests()).hasSize(20);
    assertThat(schedule.requests())
        .allSatisfy(request -> assertThat(request.intendedNanos() % SECOND).isZero());
  }

  @Test
  void aHigherRateOverlaysCopiesWhosePrefixesAreTheirOwn() {
    Trace trace = everySecond(100);
    Schedule schedule =
        new ScheduleBuilder(MIX, 1)
            .fromTrace(trace, OptionalDouble.of(3), OptionalLong.of(50 * SECOND));
    assertThat(schedule.requests()).hasSize(150);
    assertThat(schedule.requests()).extracting(ScheduledRequest::intendedNanos).isSorted();
    assertThat(schedule.requests().stream().map(each -> each.prefix().space()).distinct().count())
        .isGreaterThanOrEqualTo(3);
  }

  @Test
  void withoutARateTheTraceKeepsItsTimingUpToTheCut() {
    Schedule schedule =
        new ScheduleBuilder(MIX, 1)
            .fromTrace(everySecond(100), OptionalDouble.empty(), OptionalLong.of(30 * SECOND));
    assertThat(schedule.requests()).hasSize(30);
    assertThat(schedule.requests().get(29).intendedNanos()).isEqualTo(29 * SECOND);
  }

  @Test
  void anUnknownClassNamesTheKnownOnes() {
    assertThatThrownBy(() -> ClassMix.parse("codeing=1", Map.of()))
        .hasMessageStartingWith("class: codeing (expected: one of completion, coding");
  }

  @Test
  void aBudgetOfOnesOwnReplacesTheBuiltInOne() {
    ClassMix mix = ClassMix.parse("coding=1", Map.of("coding", Budget.parse("total:3s")));
    assertThat(mix.classes().getFirst().budget()).isEqualTo(new Budget(0, 0, 3 * SECOND));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ttft:", "ttft:5", "ttft:-5ms", "first:5ms", "ttft:1e9h", ""})
  void anUnreadableBudgetIsRefused(String text) {
    assertThatThrownBy(() -> Budget.parse(text)).hasMessageContaining("expected");
  }

  @Test
  void theScheduleIsSavedOneLineForEachRequest() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    everySecondSchedule(3).writeCsv(out);
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(4)
        .first()
        .isEqualTo("index,intended_ns,input_tokens,output_tokens,class,seed,prefix");
    assertThat(out.toString(StandardCharsets.UTF_8).lines().skip(1))
        .allMatch(line -> line.endsWith(",0+1"));
  }

  private static Schedule synthetic(long seed) {
    return new ScheduleBuilder(MIX, seed).synthetic(new ArrivalProcess.Poisson(), 100, 20 * SECOND);
  }

  private static Schedule everySecondSchedule(int rows) {
    return new ScheduleBuilder(MIX, 1)
        .fromTrace(everySecond(rows), OptionalDouble.empty(), OptionalLong.empty());
  }

  private static Trace everySecond(int rows) {
    List<TraceRow> list =
        LongStream.range(0, rows)
            .mapToObj(i -> new TraceRow(i * SECOND, 10, 5, PrefixBlocks.of(new int[] {0}, 1)))
            .toList();
    return new Trace("trace", "", list, TraceFixtures.summary(list));
  }

  private static String sha256(Schedule schedule) throws IOException {
    return schedule.writeCsv(OutputStream.nullOutputStream());
  }
}
