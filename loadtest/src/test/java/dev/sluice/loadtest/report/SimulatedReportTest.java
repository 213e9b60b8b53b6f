package dev.sluice.loadtest.report;

import static dev.sluice.loadtest.report.SimulatedFixtures.BLIND;
import static dev.sluice.loadtest.report.SimulatedFixtures.SHARP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.loadtest.report.SimulatedFixtures.Toy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SimulatedReportTest {
  private static final SimulatedReport SINGLE =
      SimulatedFixtures.report(List.of(SHARP, BLIND), List.of(1L), List.of(1.0));
  private static final SimulatedReport SEVERAL =
      SimulatedFixtures.report(List.of(SHARP, BLIND), List.of(1L, 2L, 3L), List.of(0.5, 1.0, 2.0));

  @Test
  void theJsonReportKeepsItsSchema() throws IOException {
    String schema = Files.readString(Path.of("schema/sluice.report-1.schema.json"));
    SimulatedReport unbounded = new SimulatedReport(SINGLE.trace(), SINGLE.policies(), List.of());
    PolicyTally nothing = new PolicyTally(new PolicyRun("idle", 1, 1), List.of("chat"));
    SimulatedReport empty =
        new SimulatedReport(
            SINGLE.trace(), List.of(nothing.result(new PolicyResult.Lengths(1, 0, 0))), List.of());
    for (SimulatedReport report : List.of(SINGLE, SEVERAL, unbounded, empty)) {
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(schema)
                  .validate(new SimulatedJson(report).render(), InputFormat.JSON))
          .isEmpty();
    }
  }

  @Test
  void theSchemaRefusesWhatIsNeitherKind() throws IOException {
    String schema = Files.readString(Path.of("schema/sluice.report-1.schema.json"));
    for (String json :
        List.of(
            "{}",
            "{\"schema\":\"sluice.report/1\",\"kind\":\"simulated\",\"policies\":[]}",
            new SimulatedJson(SINGLE).render().replace("\"simulated\"", "\"live\""))) {
      assertThat(
              SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                  .getSchema(schema)
                  .validate(json, InputFormat.JSON))
          .isNotEmpty();
    }
  }

  @Test
  void theJsonReportTellsEachRun() {
    JsonNode json = json(SEVERAL);
    assertThat(json.at("/kind").asString()).isEqualTo("simulated");
    assertThat(json.at("/trace/requests").asInt()).isEqualTo(4_000);
    assertThat(json.at("/policies")).hasSize(18);
    JsonNode first = json.at("/policies/0");
    assertThat(first.at("/policy").asString()).isEqualTo("sharp");
    assertThat(first.at("/seed").asInt()).isEqualTo(1);
    assertThat(first.at("/rate_scale").asDouble()).isEqualTo(0.5);
    assertThat(first.at("/requests").asInt()).isEqualTo(4_000);
    double attainment = first.at("/attainment").asDouble();
    assertThat(attainment)
        .isBetween(
            first.at("/attainment_95/low").asDouble(), first.at("/attainment_95/high").asDouble());
    assertThat(attainment).isEqualTo(first.at("/met").asInt() / 4_000.0);
    assertThat(first.at("/attainment_by_class").propertyNames())
        .containsExactly("relaxed", "coding");
    assertThat(first.at("/by_accelerator/GPU").asDouble())
        .isCloseTo(1 - first.at("/by_accelerator/LPU").asDouble(), within(1e-5));
    assertThat(first.at("/ttft_ms/p50").asDouble()).isBetween(50.0, 200.0);
    assertThat(first.at("/tpot_ms/p50").asDouble()).isBetween(24.9, 25.1);
    assertThat(first.at("/goodput_rps").asDouble())
        .isCloseTo(first.at("/met").asInt() / first.at("/horizon_s").asDouble(), within(1e-5));
  }

  @Test
  void theBoundOfTheTracesOwnRateStandsAloneAndAllStandBesideIt() {
    JsonNode several = json(SEVERAL);
    assertThat(several.at("/bound/upper").asDouble()).isEqualTo(0.98);
    assertThat(several.at("/bound/lower").asDouble()).isEqualTo(0.95);
    assertThat(several.at("/bounds")).hasSize(3);
    assertThat(several.at("/bounds/2/rate_scale").asDouble()).isEqualTo(2);
    JsonNode single = json(SINGLE);
    assertThat(single.at("/bound/upper").asDouble()).isEqualTo(0.98);
    assertThat(single.has("bounds")).isFalse();
    assertThat(json(new SimulatedReport(SINGLE.trace(), SINGLE.policies(), List.of())).has("bound"))
        .isFalse();
  }

  @Test
  void theSameInputsGiveTheSameBytes() {
    SimulatedReport again =
        SimulatedFixtures.report(
            List.of(SHARP, BLIND), List.of(1L, 2L, 3L), List.of(0.5, 1.0, 2.0));
    assertThat(new SimulatedJson(again).render()).isEqualTo(new SimulatedJson(SEVERAL).render());
    assertThat(new SimulatedHtmlReport(again).render())
        .isEqualTo(new SimulatedHtmlReport(SEVERAL).render());
    assertThat(SimulatedTextReport.render(again)).isEqualTo(SimulatedTextReport.render(SEVERAL));
  }

  @Test
  void numbersHaveNoExponentAndLinesEndAlikeEverywhere() {
    PolicyTally tally = new PolicyTally(new PolicyRun("tiny", 1, 0.000_05), List.of("chat"));
    SimulatedReport report =
        new SimulatedReport(
            SINGLE.trace(),
            List.of(tally.result(new PolicyResult.Lengths(12_345_678_901.5, 0.000_012, 0))),
            List.of());
    assertThat(new SimulatedJson(report).render())
        .contains("\"rate_scale\" : 0.00005,", "\"horizon_s\" : 12345678901.5,")
        .contains("\"simulated_s\" : 0.000012,")
        .doesNotContain("E-", "E+", "\r");
  }

  @Test
  void aQuantileAmongTheFailuresIsNullAndSaysSo() {
    JsonNode crowded =
        json(SimulatedFixtures.report(List.of(BLIND), List.of(1L), List.of(2.0)))
            .at("/policies/0/ttft_ms");
    assertThat(crowded.at("/p99").isNull()).isTrue();
    assertThat(crowded.at("/withheld/p99").asString()).isEqualTo("among the failures");
  }

  @Test
  void theHtmlReportRefersToNothingOutsideItselfAndShowsEverything() {
    String html = new SimulatedHtmlReport(SEVERAL).render();
    assertThat(html)
        .doesNotContainPattern("(?i)https?:|src=|href=|@import|url\\(|<script|<link|<iframe")
        .doesNotContain("NaN", "Infinity")
        .contains("Attainment against load", "class=\"band\"")
        .contains("Best at 1× load: sharp")
        .contains("Who served what over time", "GPU", "LPU")
        .contains("Forecast against result", "Time to first token");
    assertThat(new SimulatedHtmlReport(SINGLE).render())
        .doesNotContain("Attainment against load")
        .contains("Attainment at 1× load, best first");
  }

  @Test
  void namesCannotBreakThePage() {
    String html =
        new SimulatedHtmlReport(
                SimulatedFixtures.report(
                    List.of(new Toy("<img onerror=\"x\">", 1, 0)), List.of(1L), List.of(1.0, 2.0)))
            .render();
    assertThat(html).doesNotContain("<img").contains("&lt;img onerror=&quot;x&quot;&gt;");
  }

  @Test
  void thePageOfARunInWhichNothingHappenedHoldsTogether() {
    PolicyTally nothing = new PolicyTally(new PolicyRun("idle", 1, 1), List.of("chat"));
    String html =
        new SimulatedHtmlReport(
                new SimulatedReport(
                    SINGLE.trace(),
                    List.of(nothing.result(new PolicyResult.Lengths(1, 0, 0))),
                    List.of()))
            .render();
    assertThat(html).contains("No completed request.").doesNotContain("NaN", "Infinity");
  }

  @Test
  void theTextTableHasARowForEachPolicyAndRateAndTheBestFirst() {
    String text = SimulatedTextReport.render(SEVERAL);
    List<String> lines = text.lines().toList();
    assertThat(lines.stream().filter(line -> line.startsWith("sharp  ")).count()).isEqualTo(3);
    assertThat(lines.stream().filter(line -> line.startsWith("blind  ")).count()).isEqualTo(3);
    assertThat(text)
        .contains("relaxed  coding", "on GPU", "on LPU", "of bound", "means over 3 seeds")
        .contains("bound at 2×: 90.00 % … 96.00 %")
        .contains("Best at 1× load: sharp")
        .containsSubsequence("sharp ", "0.5×", "blind ", "0.5×", "sharp ", "1×", "blind ", "1×");
  }

  @Test
  void aSingleRunTellsTheIntervalOfItsBatches() {
    assertThat(SimulatedTextReport.render(SINGLE))
        .contains("± 95 % interval over 20 batches of time")
        .containsPattern("sharp +1× +97\\.\\d\\d % ± 0\\.\\d\\d");
  }

  @Test
  void policiesThatCannotBeToldApartAreCalledSo() {
    Toy twin = new Toy("twin", 1, 0.001);
    SimulatedReport report =
        SimulatedFixtures.report(List.of(twin, SHARP), List.of(1L), List.of(1.0));
    assertThat(new Ranking(report, 1).describe()).contains("these runs cannot tell the two apart");
    assertThat(new Ranking(SINGLE, 1).describe()).doesNotContain("cannot tell");
  }

  @Test
  void aRunIsToldOnce() {
    List<PolicyResult> twice = List.of(SINGLE.policies().getFirst(), SINGLE.policies().getFirst());
    assertThatThrownBy(() -> new SimulatedReport(SINGLE.trace(), twice, List.of()))
        .hasMessage("run: sharp at 1× with seed 1 twice (expected: once)");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new BoundBracket(1, 0.9, 0.95))
        .hasMessage("bound: 0.95 … 0.9 (expected: 0 ≤ lower ≤ upper ≤ 1)");
    assertThatThrownBy(() -> new PolicyRun("any", 1, 0))
        .hasMessage("rate scale: 0.0 (expected: above 0)");
    assertThatThrownBy(() -> new SimulatedTrace("x.csv", "abc", 1, 1))
        .hasMessage("SHA-256 of x.csv: abc (expected: 64 hexadecimal digits)");
    assertThatThrownBy(() -> new PolicyResult.Counts(5, 1, 2, 1, 1))
        .hasMessage("requests: 5 (expected: 4, which are completed, refused or failed)");
  }

  @Test
  void aReportLeavesItsFiles(@TempDir Path folder) throws IOException {
    SimulatedReportWriter.write(folder.resolve("new"), SINGLE);
    assertThat(folder.resolve("new/report.json")).exists();
    assertThat(folder.resolve("new/report.html")).exists();
  }

  private static JsonNode json(SimulatedReport report) {
    return JsonMapper.builder().build().readTree(new SimulatedJson(report).render());
  }
}
