package dev.sluice.gateway.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.policy.RoutingDecision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BenchmarkDecisionSmokeTest {

  @ParameterizedTest
  @ValueSource(strings = {"cheapest-adequate", "bid-price", "token-load"})
  void theBenchmarkDecides(String policy) {
    BenchmarkDecision benchmark = new BenchmarkDecision();
    benchmark.policy = policy;
    benchmark.deployments = 200;
    benchmark.pools = 3;
    benchmark.blocks = 8;
    benchmark.prepare();
    assertThat(benchmark.decide()).isInstanceOf(RoutingDecision.Route.class);
  }
}
