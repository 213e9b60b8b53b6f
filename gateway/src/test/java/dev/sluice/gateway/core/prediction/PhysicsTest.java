package dev.sluice.gateway.core.prediction;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PhysicsTest {

  private final Deployment gpu = CoreFixtures.gpu(0, "gpu");
  private final Deployment lpu = CoreFixtures.lpu(0, "lpu", 8);

  @Test
  void anIdleBatchEngineTakesItsPromptOneStepAndItsOverhead() {
    Forecast forecast = forecast(gpu, Load.IDLE);
    assertThat(forecast.firstTokenNanos() / MILLISECOND)
        .isCloseTo(15 + 0.092 * 1000 + 15.9, within(1e-6));
    assertThat(forecast.perTokenNanos() / MILLISECOND).isCloseTo(15.9 + 0.1, within(1e-6));
  }

  @Test
  void promptsThatWaitAheadDelayTheFirstToken() {
    double idle = forecast(gpu, Load.IDLE).firstTokenNanos();
    double busy = forecast(gpu, load(gpu, 10, false)).firstTokenNanos();
    assertThat(busy - idle).isGreaterThan(10 * 1000 * 92_000.0);
  }

  @Test
  void requestsThatDecodeSlowEachOtherOnABatchEngine() {
    double tokenNanos = forecast(gpu, load(gpu, 64, true)).perTokenNanos();
    assertThat(tokenNanos / MILLISECOND).isCloseTo(15.9 + 65 * 0.1, within(1e-6));
  }

  @Test
  void slotsDoNotFeelEachOtherUntilTheyAreFull() {
    Forecast seven = forecast(lpu, load(lpu, 7, true));
    Forecast eight = forecast(lpu, load(lpu, 8, true));
    assertThat(seven.firstTokenNanos()).isEqualTo(forecast(lpu, Load.IDLE).firstTokenNanos());
    assertThat(eight.firstTokenNanos()).isGreaterThan(seven.firstTokenNanos());
    assertThat(eight.perTokenNanos()).isEqualTo(3.6 * MILLISECOND);
  }

  @Test
  void aBudgetAtTheMedianIsMetEveryOtherTime() {
    Forecast idle = forecast(gpu, Load.IDLE);
    Budget budget = new Budget((long) idle.firstTokenNanos(), 0, 0);
    Forecast forecast = forecast(CoreFixtures.admitted(1000, 200, budget), gpu, Load.IDLE);
    assertThat(forecast.probability()).isCloseTo(0.5, within(1e-3));
  }

  @Test
  void noBudgetIsAlwaysMet() {
    assertThat(forecast(gpu, Load.IDLE).probability()).isEqualTo(1);
  }

  private static Forecast forecast(Deployment deployment, Load load) {
    return forecast(CoreFixtures.admitted(1000, 200, Budget.NONE), deployment, load);
  }

  private static Forecast forecast(AdmittedRequest request, Deployment deployment, Load load) {
    Forecaster forecaster = new Forecaster(request, 0);
    forecaster.on(CoreFixtures.state(deployment, load), 0);
    return forecaster.forecast();
  }

  /** The load of {@code requests} of a thousand prompt tokens each: just sent, or long ago. */
  private static Load load(Deployment deployment, int requests, boolean decoding) {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(deployment));
    Work work = Work.of(deployment, 1000, 200);
    for (int i = 0; i < requests; i++) {
      fleet = fleet.after(new Observation.Dispatched(0, work, decoding ? -1_000_000_000_000L : 0));
      if (decoding) {
        fleet = fleet.after(new Observation.FirstToken(0, work, 1, 0));
      }
    }
    return fleet.get(0).load();
  }
}
