package dev.sluice.backends.emulated;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class BenchmarkEmulatedTokensSmokeTest {

  @Test
  void theBenchmarkRuns() throws InterruptedException {
    BenchmarkEmulatedTokens.Result result = BenchmarkEmulatedTokens.measure(20, 2, 5);
    assertThat(result.tokens()).isEqualTo(100);
    assertThat(result.chunks()).isBetween(20L, 100L);
  }
}
