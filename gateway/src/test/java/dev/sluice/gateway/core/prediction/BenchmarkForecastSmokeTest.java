package dev.sluice.gateway.core.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BenchmarkForecastSmokeTest {

  @Test
  void theBenchmarkRuns() {
    BenchmarkForecast benchmark = new BenchmarkForecast();
    benchmark.prepare();
    assertThat(benchmark.candidate()).isPositive().isFinite();
  }
}
