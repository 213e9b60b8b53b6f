package dev.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulateCommandTest {

  @TempDir private Path folder;
  private Path trace = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeTrace() throws IOException {
    trace = folder.resolve("trace.csv");
    StringBuilder rows = new StringBuilder("TIMESTAMP,ContextTokens,GeneratedTokens\n");
    for (int i = 0; i < 200; i++) {
      rows.append(
          "2023-11-16 18:%02d:%02d.0000000,%d,%d\n"
              .formatted(i / 60, i % 60, 100 + 10 * i, 20 + i));
    }
    Files.writeString(trace, rows);
  }

  private int run(String... arguments) {
    return LoadMain.execute(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  private int simulate(String... more) {
    List<String> arguments = new ArrayList<>(List.of("simulate", "--trace", trace.toString()));
    arguments.addAll(Arrays.asList(more));
    return run(arguments.toArray(String[]::new));
  }

  @Test
  void everyPolicyHasARowAndTheBestIsNamed() {
    assertThat(simulate("--policy", "round-robin,cheapest-adequate", "--classes", "chat=1"))
        .isZero();
    assertThat(out.toString())
        .contains("trace.csv, 200 requests")
        .containsPattern("round-robin +1×")
        .containsPattern("cheapest-adequate +1×")
        .contains("Best at 1× load: ");
  }

  @Test
  void theBoundIsToldBesideThePolicies() {
    assertThat(simulate("--policy", "round-robin", "--rate-scale", "1,3", "--bound")).isZero();
    assertThat(out.toString())
        .containsPattern("bound at 1×: [0-9.]+ % … [0-9.]+ %")
        .containsPattern("bound at 3×: [0-9.]+ % … [0-9.]+ %")
        .contains("of what is possible");
  }

  @Test
  void withoutAPolicyTheConfigurationsOwnIsTried() {
    assertThat(simulate()).isZero();
    assertThat(out.toString()).containsPattern("\nbid-price +1×").contains("interactive");
  }

  @Test
  void theFilesOfTheReportAndOfEachRunAreWritten() {
    Path report = folder.resolve("report");
    assertThat(
            simulate(
                "--policy",
                "round-robin",
                "--seed",
                "1,2",
                "--rate-scale",
                "1,2",
                "--out",
                report.toString()))
        .as(err.toString())
        .isZero();
    assertThat(report.resolve("report.json")).isNotEmptyFile();
    assertThat(report.resolve("report.html")).isNotEmptyFile();
    assertThat(report.resolve("outcomes-round-robin-seed2-x2.csv")).content().hasLineCount(401);
  }

  @Test
  void theFileOfRequestsCanBeAskedForAndLeftOut() {
    Path with = folder.resolve("with");
    Path without = folder.resolve("without");
    assertThat(simulate("--policy", "random", "--outcomes", "--out", with.toString())).isZero();
    assertThat(simulate("--policy", "random", "--no-outcomes", "--out", without.toString()))
        .isZero();
    assertThat(with.resolve("outcomes-random-seed1-x1.csv")).isNotEmptyFile();
    assertThat(without.resolve("outcomes-random-seed1-x1.csv")).doesNotExist();
    assertThat(without.resolve("report.json")).isNotEmptyFile();
  }

  @Test
  void runsAtATimeComeToTheSameInTheSameOrder() throws IOException {
    String[] runs = {"--policy", "all", "--classes", "coding=1,chat=2", "--out"};
    assertThat(simulate(with(runs, folder.resolve("one").toString()))).isZero();
    assertThat(simulate(with(runs, folder.resolve("three").toString(), "--jobs", "3"))).isZero();
    try (var files = Files.list(folder.resolve("one"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".csv")).toList()) {
        assertThat(folder.resolve("three").resolve(file.getFileName()))
            .hasSameTextualContentAs(file);
      }
    }
  }

  private static String[] with(String[] arguments, String... more) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  @Test
  void aClassThatNobodyCanServeIsNamedAndCountsAsRefused() {
    assertThat(
            simulate(
                "--policy",
                "bid-price",
                "--classes",
                "coding=1,chat=1",
                "--class-budget",
                "coding=ttft:1ms,tpot:10us"))
        .isZero();
    assertThat(out.toString())
        .contains("class coding: nobody can serve it")
        .contains("BUDGET_BELOW_FLOOR");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--policy round-robbin | policy: round-robbin does not exist (did you mean 'round-robin'?)",
        "--model gpt-9 | model: gpt-9 does not exist (expected: one of llama-3.3-70b,",
        "--models llama-70b=x | models: weight x (expected: a number)",
        "--rate-scale 0 | rate scale: 0.0 (expected: above 0",
        "--rate-scale NaN | rate scale: NaN (expected: above 0",
        "--rate-scale -1 | rate scale: -1.0 (expected: above 0",
        "--classes talk=1 | class: talk (expected: one of",
        "--classes completion=1 | class: the configuration has no completion",
        "--classes coding | classes: coding (expected: NAME=WEIGHT)",
        "--class-budget coding | class-budget: coding (expected: NAME=ttft:500ms,tpot:10ms)",
        "--max-output-tokens 0 | max-output-tokens: 0 (expected: a whole number above 0, or exact)",
        "--reports 1s | report delay: 1000000000 ns (expected: below the period",
        "--reports often | reports: often (expected: a length of time",
        "--jobs 0 | jobs: 0 (expected: >= 1)",
        "--seed x | Invalid value for option '--seed'",
        "--config nowhere.yaml | nowhere.yaml:1:1: no such file"
      })
  void anArgumentThatMakesNoSenseIsRefused(String arguments, String message) {
    assertThat(simulate(arguments.split(" "))).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void aTraceThatIsNotThereIsNamed() {
    assertThat(run("simulate", "--trace", "nowhere.csv")).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("nowhere.csv: no such file");
  }

  @Test
  void aFleetOfNobodyAndAPriceThatIsNoNumberAreRefusedWithTheirPlace() throws IOException {
    Path config = folder.resolve("fleet.yaml");
    Files.writeString(
        config,
        """
        models: [{name: llama-3.3-70b, context_tokens: 8192, max_output_tokens: 512}]
        fleet: []
        """);
    assertThat(simulate("--config", config.toString())).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("fleet.yaml:2:8: fleet");
    Files.writeString(
        config,
        """
        models: [{name: llama-3.3-70b, context_tokens: 8192, max_output_tokens: 512}]
        fleet:
          - {id: a, kind: emulated, model: llama-3.3-70b, profile: h100x4-llama-3.3-70b, price: {per_hour: .nan}}
        """);
    assertThat(simulate("--config", config.toString())).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("per_hour");
  }

  @Test
  void aTraceAndAScenarioAreNotPlayedTogether() {
    assertThat(simulate("--scenario", "cost")).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("scenario: cost (expected: without --trace)");
    assertThat(run("simulate")).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("trace: none (expected: --trace or --scenario)");
  }

  @Test
  void aScenarioIsFoundByItsNameOrFileAndNearlyByItsName() throws IOException {
    assertThat(run("simulate", "--scenario", "export-limits")).isZero();
    assertThat(out.toString()).isEqualTo(Files.readString(Path.of("scenarios/export-limits.txt")));
    assertThat(run("simulate", "--scenario", "scenarios/export-limits.yaml")).isZero();
    assertThat(run("simulate", "--scenario", "export-limit")).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("did you mean 'export-limits'?");
  }

  @Test
  void aScenarioThatIsWrongIsRefusedWithItsPlace() throws IOException {
    Path file = folder.resolve("wrong.yaml");
    Files.writeString(file, "title: x\nabout: y\nduration: 1s\ntraffic: []\n");
    assertThat(run("simulate", "--scenario", file.toString())).isEqualTo(ExitCodes.ERROR);
    assertThat(err.toString()).contains("wrong.yaml: traffic: [] (expected: a list)");
  }
}
