package dev.sluice.loadtest.live.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.report.GatewayBooks;
import dev.sluice.loadtest.report.Handovers;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The gateway's books as its metrics tell them. */
final class GatewayMetricsTest {

  private static final String METRICS =
      """
      # HELP sluice_requests_in_flight
      # TYPE sluice_requests_in_flight gauge
      sluice_requests_in_flight 1.0
      sluice_requests_received_total 20.0
      sluice_requests_total{outcome="cancelled"} 2.0
      sluice_requests_total{outcome="completed"} 10.0
      sluice_requests_total{outcome="failed"} 3.0
      sluice_requests_total{outcome="rejected"} 4.0
      sluice_attempts_started_total 23.0
      sluice_tokens_delivered_total 1.2345678E7
      sluice_handover_duration_seconds_bucket{kind="failover",le="0.001"} 0
      sluice_handover_duration_seconds_bucket{kind="failover",le="+Inf"} 0
      sluice_handover_duration_seconds_bucket{kind="resume",le="0.001"} 98
      sluice_handover_duration_seconds_bucket{kind="resume",le="0.25"} 100
      sluice_handover_duration_seconds_bucket{kind="resume",le="+Inf"} 101
      """;

  @Test
  void theSumsAreRead() throws IOException {
    assertThat(GatewayMetrics.parse(METRICS))
        .isEqualTo(
            new GatewayBooks(
                20,
                4,
                10,
                3,
                2,
                1,
                12_345_678,
                23,
                new Handovers(new TreeMap<>(Map.of(0.001, 0L, Double.POSITIVE_INFINITY, 0L))),
                new Handovers(
                    new TreeMap<>(
                        Map.of(0.001, 98L, 0.25, 100L, Double.POSITIVE_INFINITY, 101L)))));
  }

  @Test
  void somethingElseThanAGatewayIsNoticed() {
    assertThatThrownBy(() -> GatewayMetrics.parse("up 1\n"))
        .hasMessage(
            "metrics: no sluice_requests_received_total (expected: that of a Sluice gateway)");
  }
}
