package dev.sluice.loadtest.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServeGenClientsTest {
  private static final String LENGTHS =
      "\"lengths\":{\"0\":{\"input_tokens\":[[10,20,30],[0.2,0.2,0.4]],"
          + "\"output_tokens\":[[7],[1]],\"reason_ratio\":[[0.5],[1]]}}";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "Gamma, 0.25, 2",
    "Gamma, 1, 1",
    "Gamma, 4, 0.5",
    "Weibull, 1, 1",
    "Weibull, 0.5, 2.236",
    "Weibull, 2, 0.523"
  })
  void gapsHaveTheVariationOfTheFamily(String family, double shape, double variation)
      throws IOException {
    Trace trace = read(client(0, "[0,200,%s,\"%s\",%s,1]".formatted(variation, family, shape)));
    assertThat(trace.rows().size()).isBetween(120_000, 120_001);
    assertThat(trace.summary().gapVariation()).isCloseTo(variation, within(0.02 * variation));
    assertThat(trace.rows().getLast().atNanos()).isLessThan(600_000_000_000L);
  }

  @Test
  void aWindowHasItsMeanNumberOfRequestsRandomlyRoundedAndLengthsOfItsBlock() throws IOException {
    StringBuilder clients = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      clients.append(client(i, "[1200,0.004,1,\"Gamma\",1,250]"));
    }
    Trace trace = read(clients.toString());
    assertThat(trace.rows().size() / 4000.0).isCloseTo(2.4, within(0.03));
    assertThat(trace.rows())
        .allSatisfy(
            row -> {
              assertThat(row.atNanos()).isBetween(1_200_000_000_000L, 1_800_000_000_000L);
              assertThat(row.inputTokens()).isIn(10, 20, 30);
              assertThat(row.outputTokens()).isEqualTo(7);
            });
    double halves = trace.rows().stream().filter(row -> row.inputTokens() == 30).count();
    assertThat(halves / trace.rows().size()).isCloseTo(0.5, within(0.02));
    assertThat(trace.rows().stream().map(row -> row.terms().tenant()).distinct().count())
        .isGreaterThan(3900);
  }

  @Test
  void equalSeedsGiveEqualRequests() throws IOException {
    Path file = Files.writeString(folder.resolve("trace"), client(0, "[0,1,1,\"Weibull\",0.7,1]"));
    assertThat(Trace.read(file, 1).rows()).isEqualTo(Trace.read(file, 1).rows());
    assertThat(Trace.read(file, 1).rows()).isNotEqualTo(Trace.read(file, 2).rows());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[0,0,1,\"Gamma\",1,1] | window: start 0 s, 0.0 req/s, shape 1.0 (expected: 0 …, above 0,"
            + " 0.0001 … 10000)",
        "[0,1,1,\"Gamma\",-1,1] | window: start 0 s, 1.0 req/s, shape -1.0 (expected: 0 …, above 0,"
            + " 0.0001 … 10000)",
        "[0,1,1,\"Pareto\",1,1] | family: Pareto (expected: Gamma or Weibull)",
        "[0,1,1,\"Gamma\",1,1],[300,1,1,\"Gamma\",1,1] | window: start 300 s (expected: 600 s or"
            + " more after the one before)",
        "[0,NaN,1,\"Gamma\",1,1] | (expected: a number)"
      })
  void aBrokenClientIsDroppedWithItsPlaceAndTheOthersAreDrawn(String windows, String complaint)
      throws IOException {
    Trace trace = read(client(0, "[0,1,1,\"Gamma\",1,1]") + client(1, windows));
    assertThat(trace.rows()).hasSize(600);
    assertThat(trace.summary().rows().drops())
        .singleElement()
        .asString()
        .startsWith("trace:2: broken client: column ")
        .endsWith(complaint);
  }

  private static String client(int number, String windows) {
    return "{\"client\":" + number + ",\"windows\":[" + windows + "]," + LENGTHS + "}\n";
  }

  private Trace read(String content) throws IOException {
    return Trace.read(
        new TraceSource(
            List.of(Files.writeString(folder.resolve("trace"), content)), TraceOptions.seeded(1)));
  }
}
