package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.request.Budget;
import dev.sluice.loadtest.report.SimulatedTrace;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.TraceOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceArrivalsTest {

  @TempDir private Path folder;

  private TraceWorkload workload(String... rows) throws IOException {
    Path file = folder.resolve("trace.csv");
    Files.writeString(file, "TIMESTAMP,ContextTokens,GeneratedTokens\n" + String.join("\n", rows));
    return new TraceWorkload(
        List.of(file),
        TraceOptions.seeded(1),
        ClassMix.parse("coding=0.25,chat=0.75", new LinkedHashMap<>()),
        ModelMix.parse("a=0.5,b=0.5"),
        false);
  }

  private static String row(int second, int prompt, int output) {
    return "2023-11-16 18:%02d:%02d.0000000,%d,%d"
        .formatted(second / 60, second % 60, prompt, output);
  }

  private TraceWorkload manyRows() throws IOException {
    String[] rows = new String[2000];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(i, 100 + i, 10);
    }
    return workload(rows);
  }

  private static List<Arrival> all(Workload workload, double scale, long seed) throws IOException {
    List<Arrival> arrivals = new ArrayList<>();
    try (ArrivalSource source = workload.arrivals(scale, seed)) {
      for (Arrival next = source.next(); next != null; next = source.next()) {
        arrivals.add(next);
      }
    }
    return arrivals;
  }

  @Test
  void everyRowIsARequestInItsTime() throws IOException {
    List<Arrival> arrivals = all(workload(row(5, 300, 20), row(7, 40, 9)), 1, 1);
    assertThat(arrivals).extracting(Arrival::atNanos).containsExactly(0L, 2_000_000_000L);
    assertThat(arrivals).extracting(Arrival::promptTokens).containsExactly(300, 40);
    assertThat(arrivals).extracting(Arrival::outputTokens).containsExactly(20, 9);
    assertThat(arrivals).extracting(Arrival::id).containsExactly(0L, 1L);
  }

  @Test
  void classesAndModelsAreDrawnByTheirSharesAndCarryTheirBudgets() throws IOException {
    List<Arrival> arrivals = all(manyRows(), 1, 1);
    long coding =
        arrivals.stream().filter(each -> each.demand().serviceClass().equals("coding")).count();
    long ofA = arrivals.stream().filter(each -> each.demand().model().equals("a")).count();
    assertThat((double) coding / arrivals.size()).isCloseTo(0.25, within(0.05));
    assertThat((double) ofA / arrivals.size()).isCloseTo(0.5, within(0.05));
    assertThat(arrivals)
        .filteredOn(each -> each.demand().serviceClass().equals("coding"))
        .allMatch(each -> each.demand().budget().equals(new Budget(500_000_000, 10_000_000, 0)));
  }

  @Test
  void aScaledTraceHasSoManyTimesItsRequests() throws IOException {
    assertThat(all(manyRows(), 0.5, 1)).hasSizeBetween(900, 1100);
    assertThat(all(manyRows(), 2.5, 1)).hasSizeBetween(4800, 5200);
  }

  @Test
  void equalSeedsGiveEqualRequests() throws IOException {
    assertThat(all(manyRows(), 1.5, 3)).isEqualTo(all(manyRows(), 1.5, 3));
    assertThat(all(manyRows(), 1, 3)).isNotEqualTo(all(manyRows(), 1, 4));
  }

  @Test
  void theDescriptionNamesTheFileAndCountsItsRequests() throws IOException {
    SimulatedTrace description = workload(row(5, 300, 20), row(7, 40, 9)).description();
    assertThat(description.file()).isEqualTo("trace.csv");
    assertThat(description.requests()).isEqualTo(2);
    assertThat(description.spanSeconds()).isEqualTo(2);
    assertThat(description.sha256()).hasSize(64);
  }
}
