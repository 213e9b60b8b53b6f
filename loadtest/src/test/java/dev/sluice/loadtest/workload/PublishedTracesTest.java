package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.sluice.loadtest.PublishedTraces;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The importers against the figures that the traces were published with. */
final class PublishedTracesTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String CODE = "azure-llm-2023-code.csv";
  private static final String CONVERSATION = "azure-llm-2023-conv-first40min.csv";
  private static final String MOONCAKE = "mooncake-fast25-conversation-first40min.jsonl";
  private static final String SYNTHETIC = "mooncake-fast25-synthetic.jsonl";
  private static final String SERVEGEN = "servegen-deepseek-r1-sampled-02h-03h.csv";
  private static final String AGENTS = "agentic-coding-conversations.jsonl";
  private static final String CLIENTS = "servegen-deepseek-r1-clients-0-18h.jsonl";
  private static final String LENGTHS = "arxiv-summarization-lengths.csv";
  private static final String AZURE_CODE_SHA256 =
      "678c9480b60c02f60decd7e1d26d20bb6e2faa72e4d50952e027c24aaab58c4a";

  @BeforeAll
  static void tracesAreThere() {
    PublishedTraces.assumePresent();
  }

  /** What {@code thorough} looks at in every trace, for the smallest. */
  @Test
  void theCodeTraceIsAsPublishedAndScheduledWhole() throws IOException {
    countSpanRateAndVariationAreAsPublished(CODE, 8819, 57.3, 2.57, 13.15);
    tokensAreAsPublished(CODE, "2048/1469/5188/7436/7437", "28/13/55/251/1899");
    aReplaySchedulesEveryRow(CODE);
  }

  @Tag("thorough")
  @ParameterizedTest
  @CsvSource({
    CONVERSATION + ", 14176, 40.0, 5.91, 1.08",
    MOONCAKE + ", 7851, 40.0, 3.28, 2.97",
    SYNTHETIC + ", 3993, 17.0, 3.91, 1.01",
    SERVEGEN + ", 117294, 60.0, 32.58, 1.02"
  })
  void countSpanRateAndVariationAreAsPublished(
      String file, int rows, double minutes, double rate, double variation) throws IOException {
    TraceSummary summary = read(file).summary();
    assertThat(summary.rows().kept()).isEqualTo(rows);
    assertThat(summary.rows().dropped()).isZero();
    assertThat(summary.spanSeconds() / 60).isCloseTo(minutes, within(0.0501));
    assertThat(summary.meanRate()).isCloseTo(rate, within(0.0051));
    assertThat(summary.gapVariation()).isCloseTo(variation, within(0.0051));
  }

  @Tag("thorough")
  @ParameterizedTest
  @CsvSource({
    CONVERSATION + ", 1195/1015/4074/4121/14050, 201/115/421/598/1000",
    MOONCAKE + ", 12428/7284/27991/89868/124847, 347/356/606/1168/2000",
    SYNTHETIC + ", 15325/11587/38611/66456/191378, 149/69/389/768/893",
    SERVEGEN + ", 804/87/641/17869/47531, 1224/1058/1753/8571/32768"
  })
  void tokensAreAsPublished(String file, String input, String output) throws IOException {
    TraceSummary summary = read(file).summary();
    assertCloseTo(summary.input(), input);
    assertCloseTo(summary.output(), output);
  }

  @Tag("thorough")
  @ParameterizedTest
  @ValueSource(strings = {CONVERSATION, MOONCAKE, SYNTHETIC, SERVEGEN})
  void aReplaySchedulesEveryRow(String file) throws IOException {
    Trace trace = read(file);
    Schedule schedule =
        new ScheduleBuilder(ClassMix.parse("chat=1", Map.of()), 1)
            .fromTrace(trace, OptionalDouble.empty(), OptionalLong.empty());
    assertThat(schedule.requests()).hasSameSizeAs(trace.rows());
    assertThat(trace.summary().tickRepaired()).isEqualTo(file.equals(MOONCAKE));
  }

  @Tag("thorough")
  @Test
  void agentConversationsAreAsPublished() throws IOException {
    Trace trace = read(AGENTS);
    TraceSummary summary = trace.summary();
    assertThat(summary.rows().kept()).isEqualTo(32_929);
    assertThat(summary.rows().dropped()).isZero();
    assertThat(summary.rows().raised()).isEqualTo(19);
    assertCloseTo(summary.input(), "118105/98925/200662/501616/894371");
    assertCloseTo(summary.output(), "430/217/853/3647/18195");
    Map<Long, List<TraceRow>> conversations = conversations(trace.rows());
    assertThat(conversations).hasSize(506);
    assertRequestsEach(conversations.values().stream().mapToDouble(List::size));
    double[] minutes =
        conversations.values().stream()
            .mapToDouble(rows -> (rows.getLast().atNanos() - rows.getFirst().atNanos()) / 60e9)
            .sorted()
            .toArray();
    // Mean and maximum are published for main agents alone: one nested agent ran on for a day.
    assertThat(quantile(minutes, 0.5)).isCloseTo(57, within(1.0));
    assertThat(quantile(minutes, 0.9)).isCloseTo(294, within(1.0));
    assertThat(shareInUnboundedCache(trace.rows())).isCloseTo(0.962, within(0.0005));
  }

  @Tag("thorough")
  @Test
  void thoughtBetweenTurnsIsAsPublished() throws IOException {
    double[] seconds =
        read(AGENTS).rows().stream()
            .filter(row -> row.turn().followsAnswer())
            .mapToDouble(row -> row.turn().thinkNanos() / 1e9)
            .sorted()
            .toArray();
    assertThat(seconds.length).isEqualTo(32_929 - 506);
    assertThat(quantile(seconds, 0.5)).isCloseTo(10, within(0.5));
    assertThat(quantile(seconds, 0.9)).isCloseTo(162, within(3.0));
    assertThat(seconds[seconds.length - 1]).isGreaterThanOrEqualTo(77_589);
  }

  @Tag("thorough")
  @Test
  void lengthsAreAsPublished() throws IOException {
    TraceSource source =
        new TraceSource(
            List.of(PublishedTraces.file(LENGTHS)), TraceOptions.seeded(1).withArrivalRate(10));
    TraceSummary summary = Trace.read(source).summary();
    assertThat(summary.rows().kept()).isEqualTo(28_257);
    assertCloseTo(summary.input(), "2588/2730/3702/3933/4054");
    assertCloseTo(summary.output(), "291/167/372/3271/4056");
    assertThat(summary.meanRate()).isCloseTo(10, within(0.3));
    assertThat(summary.gapVariation()).isCloseTo(1, within(0.03));
  }

  /** The published sample of one hour was drawn from the same clients with another generator. */
  @Tag("thorough")
  @Test
  void requestsDrawnFromClientsAreLikeThePublishedSample() throws IOException {
    Trace drawn = read(CLIENTS);
    assertThat(drawn.summary().rows().dropped()).isZero();
    assertThat(drawn.rows().size() / 64_800.0).isCloseTo(14.615, within(0.001));
    assertThat(drawn.rows().stream().map(row -> row.terms().tenant()).distinct()).hasSize(62);
    List<TraceRow> hour =
        drawn.rows().stream()
            .filter(row -> row.atNanos() >= 7200 * SECOND && row.atNanos() < 10_800 * SECOND)
            .toList();
    assertThat(hour.size()).isBetween(117_264, 117_324);
    TraceSummary sample = read(SERVEGEN).summary();
    TraceSummary ours = TraceFixtures.summary(hour);
    assertThat(ours.gapVariation()).isCloseTo(sample.gapVariation(), within(0.02));
    assertLike(ours.input(), sample.input());
    assertLike(ours.output(), sample.output());
  }

  private static void assertLike(TokenStatistics ours, TokenStatistics sample) {
    assertThat(ours.mean()).isCloseTo(sample.mean(), withinPercentage(4));
    assertThat(ours.p50()).isCloseTo(sample.p50(), withinPercentage(6));
    assertThat(ours.p90()).isCloseTo(sample.p90(), withinPercentage(4));
    assertThat(ours.p99()).isCloseTo(sample.p99(), withinPercentage(6));
  }

  @Tag("thorough")
  @ParameterizedTest
  @CsvSource({MOONCAKE + ", 0.358, 126103, 5362, 30", SYNTHETIC + ", 0.651, 43924, 1442, 24"})
  void promptsShareWhatIsPublishedAndTellTheirConversations(
      String file, double share, int blocks, int conversations, int longest) throws IOException {
    List<TraceRow> rows = read(file).rows();
    assertThat(shareInUnboundedCache(rows)).isCloseTo(share, within(0.0005));
    Set<Integer> distinct = new HashSet<>();
    for (TraceRow row : rows) {
      for (int block = 0; block < row.prefix().size(); block++) {
        distinct.add(row.prefix().id(block));
      }
    }
    assertThat(distinct).hasSize(blocks);
    Map<Long, List<TraceRow>> told = conversations(rows);
    assertThat(told).hasSize(conversations);
    assertThat(told.values().stream().mapToInt(List::size).max()).hasValue(longest);
  }

  @Tag("thorough")
  @ParameterizedTest
  @CsvSource({
    CODE + ", 0.5",
    CONVERSATION + ", 3",
    MOONCAKE + ", 0.5",
    MOONCAKE + ", 2.5",
    SERVEGEN + ", 0.25",
    AGENTS + ", 2"
  })
  void scalingKeepsConversationsAndReachesTheRate(String file, double factor) throws IOException {
    TraceSource source =
        new TraceSource(List.of(PublishedTraces.file(file)), TraceOptions.seeded(1));
    try (TraceCursor cursor = source.scaledBy(factor).open()) {
      assertThat(TraceFixtures.drain(cursor))
          .isSortedAccordingTo(Comparator.comparingLong(TraceRow::atNanos));
      assertThat(cursor.fidelity().rateError()).isCloseTo(0, within(0.05));
      // In an overlaid copy, a conversation that crosses the end of the trace is split there.
      assertThat(cursor.fidelity().followUpsKept()).isGreaterThan(factor < 1 ? 0.9999 : 0.9);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "servegen-language-rates-week1.csv",
        "prompts-gsm8k-test.jsonl",
        "prompts-mt-bench.jsonl"
      })
  void whatIsNoListOfRequestsIsRefused(String file) {
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining(file + ":1: first line ");
  }

  private static Map<Long, List<TraceRow>> conversations(List<TraceRow> rows) {
    return rows.stream()
        .filter(row -> row.turn().inConversation())
        .collect(Collectors.groupingBy(row -> row.turn().conversation()));
  }

  /** Share of the prompts' tokens whose blocks have all been seen from the first one on. */
  private static double shareInUnboundedCache(List<TraceRow> rows) {
    Map<Integer, BitSet> seen = new HashMap<>();
    double hits = 0;
    double all = 0;
    for (TraceRow row : rows) {
      PrefixBlocks prefix = row.prefix();
      BitSet blocks = seen.computeIfAbsent(prefix.space(), _ -> new BitSet());
      int found = 0;
      while (found < prefix.size() && blocks.get(prefix.id(found))) {
        found++;
      }
      hits += Math.min((long) found * prefix.blockTokens(), row.inputTokens());
      all += row.inputTokens();
      for (int block = found; block < prefix.size(); block++) {
        blocks.set(prefix.id(block));
      }
    }
    return hits / all;
  }

  private static void assertRequestsEach(DoubleStream requests) {
    double[] sorted = requests.sorted().toArray();
    assertThat(Arrays.stream(sorted).average().orElseThrow()).isCloseTo(65, within(0.1));
    assertThat(quantile(sorted, 0.5)).isEqualTo(41.5);
    assertThat(quantile(sorted, 0.9)).isCloseTo(152, within(0.51));
    assertThat(quantile(sorted, 0.99)).isCloseTo(329, within(0.51));
    assertThat(sorted[sorted.length - 1]).isEqualTo(561);
  }

  private static double quantile(double[] sorted, double probability) {
    double rank = probability * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }

  @Test
  void theChecksumIsThatOfTheFile() throws IOException {
    assertThat(read(CODE).sha256()).isEqualTo(AZURE_CODE_SHA256);
  }

  /** The published figures are rounded, some cut, to whole tokens. */
  private static void assertCloseTo(TokenStatistics tokens, String published) {
    double[] figures = {tokens.mean(), tokens.p50(), tokens.p90(), tokens.p99(), tokens.max()};
    int next = 0;
    for (String figure : published.split("/", -1)) {
      assertThat(figures[next++]).isCloseTo(Double.parseDouble(figure), within(0.8));
    }
  }

  private static Trace read(String file) throws IOException {
    return Trace.read(PublishedTraces.file(file), 1);
  }
}
