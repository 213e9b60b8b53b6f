package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.report.SimulatedOutcome.Arrival;
import dev.sluice.loadtest.report.SimulatedOutcome.Fate;
import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class SimulatedOutcomeCsvTest {
  private final StringWriter out = new StringWriter();

  @Test
  void aCompletedRequestHasAllItsTimes() throws IOException {
    Fate fate = new Fate.Completed(1_500_000, 90_000_001, 5_000_000, 590_000_001, true);
    write(new Arrival(17, "chat", 12_345_678_901L, 1_020, 101), fate);
    assertThat(out.toString())
        .isEqualTo(
            """
            id,class,arrival_s,input_tokens,output_tokens,backend,accelerator,queued_s,ttft_s,tpot_s,total_s,met,cost_usd,energy_j
            17,chat,12.345678901,1020,101,gpu-1,GPU,0.001500000,0.090000001,0.005000000,0.590000001,1,0.00000012,20.25
            """);
  }

  @Test
  void aSingleTokenHasNoTimePerToken() throws IOException {
    write(new Arrival(0, "chat", 0, 10, 1), new Fate.Completed(0, 90, 0, 90, false));
    assertThat(out.toString()).contains(",0.000000000,0.000000090,,0.000000090,0,");
  }

  @Test
  void whatWasNotAnsweredHasNoTimes() throws IOException {
    try (SimulatedOutcomeCsv csv = new SimulatedOutcomeCsv(out)) {
      csv.write(SimulatedFixtures.refused(new Arrival(3, "chat", 1_000_000_000, 10, 5), 0.1));
    }
    assertThat(out.toString()).endsWith("\n3,chat,1.000000000,10,5,,,,,,,0,0,0\n");
  }

  @Test
  void aFileIsNamedForItsRun() {
    assertThat(SimulatedOutcomeCsv.fileName(new PolicyRun("power-of-two", 7, 1)))
        .isEqualTo("outcomes-power-of-two-seed7-x1.csv");
    assertThat(SimulatedOutcomeCsv.fileName(new PolicyRun("../a b", -2, 1.25)))
        .isEqualTo("outcomes-.._a_b-seed-2-x1.25.csv");
  }

  private void write(Arrival arrival, Fate fate) throws IOException {
    try (SimulatedOutcomeCsv csv = new SimulatedOutcomeCsv(out)) {
      Placement placement = new Placement("gpu-1", "GPU");
      csv.write(new SimulatedOutcome(arrival, placement, fate, 0.9, 1.2e-7, 20.25));
    }
  }
}
