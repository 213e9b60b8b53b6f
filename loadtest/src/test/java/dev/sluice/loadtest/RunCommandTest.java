package dev.sluice.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.loadtest.live.FakeInference;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RunCommandTest {
  private static final String CLASSES = "coding=0.1,interactive=0.6,relaxed=0.2,batch=0.1";

  @TempDir Path out;
  private final StringWriter stdout = new StringWriter();
  private final StringWriter stderr = new StringWriter();

  @Test
  void aRunLeavesAReportThatKeepsItsSchema() throws Exception {
    run("--rate", "200", "--duration", "2s", "--warmup", "1s");
    String json = Files.readString(out.resolve("report.json"));
    String schema = Files.readString(Path.of("schema/sluice.report-1.schema.json"));
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(json, InputFormat.JSON))
        .isEmpty();
    JsonNode report = JsonMapper.builder().build().readTree(json);
    assertThat(report.at("/totals/requests").asInt()).isBetween(300, 500);
    assertThat(report.at("/totals/completed")).isEqualTo(report.at("/totals/requests"));
    assertThat(report.at("/tokens/lost").asInt()).isZero();
    assertThat(report.at("/by_accelerator/LPU/by_class/coding/requests").asInt()).isPositive();
    assertThat(report.at("/forecast_error/requests").asInt()).isPositive();
    assertThat(stdout.toString()).contains("interactive", "on GPU", "report: ");
  }

  @Test
  void aRunLeavesEveryFile() throws Exception {
    run("--rate", "50", "--duration", "1s", "--warmup", "0");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "schedule.csv", "report.json", "report.html", "outcomes.csv", "latency.hlog");
    }
    List<String> outcomes = Files.readAllLines(out.resolve("outcomes.csv"));
    assertThat(outcomes).hasSameSizeAs(Files.readAllLines(out.resolve("schedule.csv")));
    long columns = outcomes.getFirst().chars().filter(each -> each == ',').count();
    assertThat(outcomes)
        .allSatisfy(
            line ->
                assertThat(line.chars().filter(each -> each == ',').count()).isEqualTo(columns));
  }

  @Test
  void aTraceIsSentAtAMultipleOfItsOwnRate() throws Exception {
    StringBuilder rows = new StringBuilder("TIMESTAMP,ContextTokens,GeneratedTokens\n");
    for (int i = 0; i < 40; i++) {
      rows.append("2023-11-16 18:00:00.%03d,5,1\n".formatted(10 * i));
    }
    String file = Files.writeString(out.resolve("trace"), rows).toString();
    run("--trace", file, "--rate-scale", "3", "--warmup", "0");
    assertThat(Files.readAllLines(out.resolve("schedule.csv"))).hasSize(1 + 3 * 40);
  }

  @Test
  void aMultipleNeedsARateOfTheTracesOwn() throws Exception {
    assertThat(run("--rate", "5", "--duration", "1s", "--rate-scale", "2"))
        .isEqualTo(ExitCodes.ERROR);
    assertThat(stderr.toString())
        .contains("rate-scale: 2.0 (expected: with --trace, without --rate)");
    String file =
        Files.writeString(out.resolve("trace"), "num_prefill_tokens,num_decode_tokens\n5,1\n")
            .toString();
    assertThat(run("--trace", file, "--rate-scale", "0")).isEqualTo(ExitCodes.ERROR);
    assertThat(stderr.toString()).contains("rate scale: 0.0 (expected: above 0, up to 100)");
  }

  @Test
  void lengthsInTwoFilesAreSentAtTheRateAskedFor() throws Exception {
    String header = "num_prefill_tokens,num_decode_tokens\n";
    Path first = Files.writeString(out.resolve("first"), header + "5,1\n6,2\n");
    Path second = Files.writeString(out.resolve("second"), header + "7,3\n");
    run("--trace", first + "," + second, "--arrival-rate", "50", "--warmup", "0");
    assertThat(stdout.toString()).contains("lengths CSV: 3 rows");
    assertThat(Files.readAllLines(out.resolve("schedule.csv"))).hasSize(1 + 3);
  }

  @Test
  void aMissedAttainmentIsTold() throws Exception {
    int code =
        run(
            "--rate",
            "100",
            "--duration",
            "1s",
            "--warmup",
            "0",
            "--class-budget",
            "interactive=ttft:1us",
            "--require-attainment",
            "0.9",
            "--flag-pauses");
    assertThat(code).isIn(ExitCodes.SLO_MISSED, ExitCodes.INVALID);
    assertThat(code == ExitCodes.INVALID).isEqualTo(stdout.toString().contains("INVALID"));
  }

  @Test
  void aWrongOptionNamesItselfItsValueAndWhatWasExpected() throws Exception {
    assertThat(run("--rate", "-3", "--duration", "1s")).isEqualTo(ExitCodes.ERROR);
    assertThat(stderr.toString()).contains("rate: -3.0 (expected: above 0)");
  }

  @Test
  void aTargetThatIsNotThereIsAnErrorAndNoRun() {
    int code =
        execute(
            "run",
            "--target",
            "localhost:1",
            "--rate",
            "20",
            "--duration",
            "1s",
            "--classes",
            CLASSES,
            "--out",
            out.toString());
    assertThat(code).isEqualTo(ExitCodes.ERROR);
    assertThat(stderr.toString()).contains("localhost:1 takes no connection");
  }

  private int run(String... more) throws Exception {
    try (FakeInference server = new FakeInference(FakeInference::answer)) {
      List<String> arguments =
          Stream.concat(
                  Stream.of(
                      "run",
                      "--target",
                      server.target(),
                      "--classes",
                      CLASSES,
                      "--out",
                      out.toString()),
                  Stream.of(more))
              .toList();
      return execute(arguments.toArray(String[]::new));
    }
  }

  private int execute(String... arguments) {
    return LoadMain.execute(
        new PrintWriter(stdout, true), new PrintWriter(stderr, true), arguments);
  }
}
