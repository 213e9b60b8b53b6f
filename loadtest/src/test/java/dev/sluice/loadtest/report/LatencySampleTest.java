package dev.sluice.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LatencySampleTest {
  @ParameterizedTest
  @CsvSource({"0.9, 44", "0.95, 90", "0.99, 459", "0.999, 4603"})
  void aQuantileNeedsAsManySamplesAsLoadGenAsksFor(double probability, int samples) {
    assertThat(LatencySample.samplesNeeded(probability)).isEqualTo(samples);
  }

  @Test
  void aQuantileThatTheSampleCannotCarryIsWithheld() {
    LatencySample sample = sample(4.58, 0);
    assertThat(sample.quantile(0.99)).isEqualTo(new Quantile.Withheld(458, 459));
    assertThat(sample.quantile(0.9)).isInstanceOf(Quantile.Known.class);
  }

  @Test
  void failuresPushQuantilesUpAndNeverDown() {
    assertThat(sample(10, 0).quantile(0.99)).isInstanceOf(Quantile.Known.class);
    assertThat(sample(10, 20).quantile(0.99)).isEqualTo(new Quantile.Endless());
    assertThat(sample(10, 20).quantile(0.9)).isInstanceOf(Quantile.Known.class);
    assertThat(sample(10, 20).failures()).isEqualTo(50);
  }

  @Test
  void aSampleOfFailuresAloneIsWithoutEnd() {
    assertThat(sample(10, 1).quantile(0.5)).isEqualTo(new Quantile.Endless());
  }

  /** One in {@code failureEvery} requests is refused; 0: none. */
  private static LatencySample sample(double rate, int failureEvery) {
    List<RequestResult> results =
        ReportFixtures.run(
                rate,
                ClientHealth.PERFECT,
                request ->
                    failureEvery > 0 && request.index() % failureEvery == 0
                        ? ReportFixtures.refused(request)
                        : ReportFixtures.completed(request))
            .results();
    return LatencySample.of(results, RequestResult::ttftFromIntendedNanos);
  }
}
