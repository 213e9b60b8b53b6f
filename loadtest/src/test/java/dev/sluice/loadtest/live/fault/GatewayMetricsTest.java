package dev.sluice.loadtest.live.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.report.GatewayBooks;
import java.io.IOException;
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
      sluice_tokens_delivered_total 1.2345678E7
      """;

  @Test
  void theSumsAreRead() throws IOException {
    assertThat(GatewayMetrics.parse(METRICS))
        .isEqualTo(new GatewayBooks(20, 4, 10, 3, 2, 1, 12_345_678));
  }

  @Test
  void somethingElseThanAGatewayIsNoticed() {
    assertThatThrownBy(() -> GatewayMetrics.parse("up 1\n"))
        .hasMessage(
            "metrics: no sluice_requests_received_total (expected: that of a Sluice gateway)");
  }
}
