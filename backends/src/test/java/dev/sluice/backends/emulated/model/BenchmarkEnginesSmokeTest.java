package dev.sluice.backends.emulated.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BenchmarkEnginesSmokeTest {

  @Test
  void theBenchmarkRuns() {
    assertThat(
            BenchmarkEngines.requestsPerCpuSecond(
                ProfileFixtures.h100x4Llama70b(), 2_000, 200, 0.03, true))
        .isPositive();
  }
}
