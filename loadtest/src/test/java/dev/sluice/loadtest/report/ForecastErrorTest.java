package dev.sluice.loadtest.report;

import static dev.sluice.loadtest.report.ReportFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.loadtest.workload.ScheduledRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ForecastErrorTest {

  private final List<ScheduledRequest> requests =
      ReportFixtures.run(1, ClientHealth.PERFECT, ReportFixtures::completed).schedule().requests();

  @Test
  void coverageIsTheShareThatStayedWithinWhatWasSaidForNineInTen() {
    // measured: 100 ms to the first token, 5 ms per token
    ForecastError error =
        new ForecastError(
            List.of(
                with(0, said(99, 6)),
                with(1, said(100, 6)),
                with(2, said(101, 4)),
                with(3, said(250, 5))));
    assertThat(error.ttftCoverage()).hasValue(0.75);
    assertThat(error.tpotCoverage()).hasValue(0.75);
  }

  @Test
  void whatWasNotSaidOrMeasuredOrCompletedIsNotCounted() {
    List<RequestResult> results = new ArrayList<>();
    results.add(with(0, said(50, 6)));
    results.add(with(1, said(0, 0)));
    results.add(with(2, null));
    results.add(ReportFixtures.refused(requests.get(3)));
    ForecastError error = new ForecastError(results);
    assertThat(error.requests()).isEqualTo(2);
    assertThat(error.ttftCoverage()).hasValue(0);
    assertThat(error.tpotCoverage()).hasValue(1);
  }

  @Test
  void aGatewayThatDoesNotSayHasAnErrorAndNoCoverage() {
    ForecastError error = new ForecastError(List.of(with(0, said(0, 0))));
    assertThat(error.ttft()).hasValueCloseTo(Math.log(100 / 90.0), within(1e-9));
    assertThat(error.ttftCoverage()).isEmpty();
    assertThat(error.tpotCoverage()).isEmpty();
    assertThat(error.summary()).contains("nine in ten said: – to the first token, – per token");
  }

  private static Forecast said(long ttftP90Millis, long tpotP90Millis) {
    return new Forecast(
        90 * MILLISECOND,
        5 * MILLISECOND,
        0,
        0.9,
        ttftP90Millis * MILLISECOND,
        tpotP90Millis * MILLISECOND);
  }

  private RequestResult with(int index, @Nullable Forecast forecast) {
    RequestResult result = ReportFixtures.completed(requests.get(index));
    return new RequestResult(
        result.request(),
        result.ending(),
        result.times(),
        result.tokens(),
        result.placement(),
        forecast,
        result.account());
  }
}
