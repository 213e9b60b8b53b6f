package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.loadtest.PublishedTraces;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The importers against the figures that the traces were published with. */
final class PublishedTracesTest {
  private static final String CODE = "azure-llm-2023-code.csv";
  private static final String CONVERSATION = "azure-llm-2023-conv-first40min.csv";
  private static final String MOONCAKE = "mooncake-fast25-conversation-first40min.jsonl";
  private static final String SYNTHETIC = "mooncake-fast25-synthetic.jsonl";
  private static final String SERVEGEN = "servegen-deepseek-r1-sampled-02h-03h.csv";
  private static final String AZURE_CODE_SHA256 =
      "678c9480b60c02f60decd7e1d26d20bb6e2faa72e4d50952e027c24aaab58c4a";

  @BeforeAll
  static void tracesAreThere() {
    PublishedTraces.assumePresent();
  }

  @ParameterizedTest
  @CsvSource({
    CODE + ", 8819, 57.3, 2.57, 13.15",
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

  @ParameterizedTest
  @CsvSource({
    CODE + ", 2048/1469/5188/7436/7437, 28/13/55/251/1899",
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

  @ParameterizedTest
  @ValueSource(strings = {CODE, CONVERSATION, MOONCAKE, SYNTHETIC, SERVEGEN})
  void aReplaySchedulesEveryRow(String file) throws IOException {
    Trace trace = read(file);
    Schedule schedule =
        new ScheduleBuilder(ClassMix.parse("chat=1", Map.of()), 1)
            .fromTrace(trace, OptionalDouble.empty(), OptionalLong.empty());
    assertThat(schedule.requests()).hasSameSizeAs(trace.rows());
    assertThat(trace.summary().tickRepaired()).isEqualTo(file.equals(MOONCAKE));
  }

  @Test
  void theChecksumIsThatOfTheFile() throws IOException {
    assertThat(read(CODE).sha256()).isEqualTo(AZURE_CODE_SHA256);
  }

  /** The published figures are rounded to whole tokens. */
  private static void assertCloseTo(TokenStatistics tokens, String published) {
    double[] figures = {tokens.mean(), tokens.p50(), tokens.p90(), tokens.p99(), tokens.max()};
    int next = 0;
    for (String figure : published.split("/", -1)) {
      assertThat(figures[next++]).isCloseTo(Double.parseDouble(figure), within(0.51));
    }
  }

  private static Trace read(String file) throws IOException {
    return Trace.read(PublishedTraces.file(file), 1);
  }
}
