package dev.sluice.loadtest.report;

import static dev.sluice.loadtest.report.ReportFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.loadtest.workload.ScheduledRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RunReportTest {
  @Test
  void refusalsCountAsMisses() {
    RunReport report = report(RunReportTest::everyFifthRefused);
    assertThat(report.attainment()).isCloseTo(0.8, within(1e-9));
    assertThat(report.goodput()).isCloseTo(8, within(0.01));
    assertThat(report.count(Outcome.REFUSED)).isEqualTo(200);
    assertThat(report.reasons()).containsExactly(Map.entry("OVERLOADED", 200));
    assertThat(json(report).at("/tokens/answers_counted_by/backend").asInt()).isEqualTo(800);
  }

  @Test
  void latenessOfTheClientIsChargedFromTheIntendedTime() {
    RunReport report =
        report(request -> ReportFixtures.completed(request, 420 * MILLISECOND, 100 * MILLISECOND));
    assertThat(report.attainment()).isZero();
    JsonNode json = json(report);
    assertThat(json.at("/ttft_ms/intended/p50").asDouble()).isEqualTo(520);
    assertThat(json.at("/ttft_ms/sent/p50").asDouble()).isEqualTo(100);
  }

  @Test
  void theJsonReportKeepsItsSchemaWhateverHappened() throws IOException {
    String schema = Files.readString(Path.of("schema/sluice.report-1.schema.json"));
    for (Function<ScheduledRequest, RequestResult> results :
        List.<Function<ScheduledRequest, RequestResult>>of(
            ReportFixtures::completed,
            ReportFixtures::refused,
            ReportFixtures::notSent,
            RunReportTest::everyFifthRefused)) {
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(schema)
                  .validate(new JsonReport(report(results)).render(), InputFormat.JSON))
          .isEmpty();
    }
  }

  @Test
  void withheldQuantilesSayWhy() {
    JsonNode json = json(report(RunReportTest::everyFifthRefused));
    assertThat(json.at("/ttft_ms/intended/p99").isNull()).isTrue();
    assertThat(json.at("/ttft_ms/intended/withheld/p99").asString())
        .isEqualTo("among the failures");
    assertThat(json.at("/ttft_ms/intended/withheld/p999").asString())
        .isEqualTo("1000 samples, needs 4603");
  }

  @Test
  void theForecastErrorIsThatOfTheCompleted() {
    JsonNode json = json(report(ReportFixtures::completed));
    assertThat(json.at("/forecast_error/ttft_median_abs_ln").asDouble())
        .isCloseTo(Math.log(100 / 90.0), within(1e-5));
    assertThat(json.at("/forecast_error/tpot_median_abs_ln").asDouble()).isZero();
    assertThat(json.at("/forecast_error/ttft_p90_coverage").asDouble()).isEqualTo(1);
    assertThat(json.at("/forecast_error/tpot_p90_coverage").asDouble()).isZero();
    assertThat(json.at("/forecast_error/forecast_probability").asDouble()).isEqualTo(0.9);
    assertThat(json.at("/forecast_error/share_within_budget").asDouble()).isEqualTo(1);
  }

  @Test
  void theHtmlReportRefersToNothingOutsideItself() {
    String html = new HtmlReport(report(RunReportTest::everyFifthRefused)).render();
    assertThat(html)
        .doesNotContainPattern("(?i)https?:|src=|href=|@import|url\\(|<script|<link|<iframe")
        .contains("<svg", "OVERLOADED", "Who served which class", "nine in ten said: 100.00 %");
  }

  @Test
  void namesFromTheTargetCannotBreakThePage() {
    String html =
        new HtmlReport(
                report(
                    request ->
                        new RequestResult(
                            request,
                            new Ending(Outcome.REFUSED, "<img onerror=\"x\">"),
                            ReportFixtures.refused(request).times(),
                            TokenTally.NONE,
                            Placement.NOWHERE,
                            null,
                            null)))
            .render();
    assertThat(html).doesNotContain("<img").contains("&lt;img onerror=&quot;x&quot;&gt;");
  }

  @Test
  void theHistogramLogCanBeReadBack() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HistogramLog.write(
        report(ReportFixtures::completed), new PrintStream(out, true, StandardCharsets.UTF_8));
    int entries = 0;
    long ttfts = 0;
    try (HistogramLogReader reader =
        new HistogramLogReader(new ByteArrayInputStream(out.toByteArray()))) {
      while (reader.hasNext()) {
        Histogram histogram = (Histogram) reader.nextIntervalHistogram();
        entries++;
        ttfts += histogram.getTag().startsWith("ttft_sent.") ? histogram.getTotalCount() : 0;
      }
    }
    assertThat(entries).isEqualTo(11);
    assertThat(ttfts).isEqualTo(1000);
  }

  @Test
  void theTableTellsClassesAcceleratorsAndVerdict() {
    assertThat(TextReport.render(report(RunReportTest::everyFifthRefused)))
        .contains(
            "coding",
            "chat",
            "on GPU",
            "on LPU",
            "refused 200",
            "refused after p50 1.00 ms, p99 – ms",
            "OVERLOADED: 200",
            "\nforecasts of 800 answers: median error ×1.11 to the first token, ×1.00 per token;"
                + " nine in ten said: 100.00 % to the first token, 0.00 % per token;"
                + " budget kept by 100.00 %, said: 90.00 %\n",
            "\nVALID");
  }

  private static RequestResult everyFifthRefused(ScheduledRequest request) {
    return request.index() % 5 == 0
        ? ReportFixtures.refused(request)
        : ReportFixtures.completed(request);
  }

  private static RunReport report(Function<ScheduledRequest, RequestResult> results) {
    return new RunReport(ReportFixtures.run(10, ClientHealth.PERFECT, results));
  }

  private static JsonNode json(RunReport report) {
    return JsonMapper.builder().build().readTree(new JsonReport(report).render());
  }
}
