package dev.sluice.gateway.core.prediction;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Report;
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
  void whatIsProcessedOfThePromptsAheadDelaysNobodyAnyMore() {
    DeploymentState state = CoreFixtures.state(gpu, load(gpu, 2, false));
    double atOnce = firstTokenNanos(state, 0);
    double later = firstTokenNanos(state, 100 * MILLISECOND);
    assertThat(atOnce - later).isCloseTo(100.0 * MILLISECOND, within(1e-3));
    assertThat(firstTokenNanos(state, 10 * CoreFixtures.SECOND))
        .isGreaterThan(forecast(gpu, Load.IDLE).firstTokenNanos() - 15.9 * MILLISECOND);
  }

  @Test
  void whoArrivesWhileOthersDecodeWaitsForHalfAStep() {
    double idle = forecast(gpu, Load.IDLE).firstTokenNanos();
    double beside = forecast(gpu, load(gpu, 1, true)).firstTokenNanos();
    assertThat((beside - idle) / MILLISECOND).isCloseTo(15.9 / 2 + 1.5 * 0.1, within(1e-6));
  }

  @Test
  void decodingLeavesLessOfAStepForPrompts() {
    AdmittedRequest request = CoreFixtures.admitted(2_000, 200, Budget.NONE);
    double beside40 = forecast(request, gpu, load(gpu, 40, true)).firstTokenNanos();
    double beside60 = forecast(request, gpu, load(gpu, 60, true)).firstTokenNanos();
    assertThat((beside60 - beside40) / MILLISECOND).isGreaterThan(15.9);
  }

  @Test
  void promptsOfOthersSlowTheAnswerByNoMoreThanAChunkAStep() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(gpu));
    Work work = Work.of(gpu, 1_000, 200);
    double before = 0;
    for (int i = 0; i < 2_000; i++) {
      fleet = fleet.after(new Observation.Dispatched(0, work, 0));
      fleet = fleet.after(new Observation.FirstToken(0, work, 1, 0));
      fleet = fleet.after(new Observation.Ended(0, work, 200, true, 2, 0));
      double tokenNanos = forecast(gpu, fleet.get(0).load()).perTokenNanos();
      assertThat(tokenNanos).isGreaterThanOrEqualTo(before);
      before = tokenNanos;
    }
    assertThat(before / MILLISECOND).isCloseTo(16.0 + 2_047 * 0.092, within(1e-6));
    assertThat(isSaturated(fleet.get(0))).isTrue();
    assertThat(isSaturated(CoreFixtures.state(gpu, Load.IDLE))).isFalse();
  }

  @Test
  void whoFindsTheMemoryFullWaits() {
    double wait = forecast(gpu, load(gpu, 500, true)).firstTokenNanos();
    double room = forecast(gpu, load(gpu, 250, true)).firstTokenNanos();
    assertThat(wait - room).isGreaterThan(CoreFixtures.SECOND);
  }

  @Test
  void whatOthersSendThereCountsAsOurs() {
    DeploymentState alone = CoreFixtures.state(gpu, Load.IDLE);
    DeploymentState shared =
        new DeploymentState(
            gpu,
            Load.IDLE,
            true,
            new Report(0, 20, 0, 20, 4_000),
            alone.measured(),
            alone.calibration(),
            0);
    assertThat(firstTokenNanos(shared, 0) - firstTokenNanos(alone, 0))
        .isGreaterThan((4_000 - 200) * 92_000.0);
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

  private static double firstTokenNanos(DeploymentState state, long nowNanos) {
    Forecaster forecaster = new Forecaster(CoreFixtures.admitted(1000, 200, Budget.NONE), nowNanos);
    forecaster.on(state, 0);
    return forecaster.firstTokenNanos();
  }

  private static Forecast forecast(Deployment deployment, Load load) {
    return forecast(CoreFixtures.admitted(1000, 200, Budget.NONE), deployment, load);
  }

  private static Forecast forecast(AdmittedRequest request, Deployment deployment, Load load) {
    Forecaster forecaster = new Forecaster(request, 0);
    forecaster.on(CoreFixtures.state(deployment, load), 0);
    return forecaster.forecast();
  }

  private static boolean isSaturated(DeploymentState state) {
    Forecaster forecaster = new Forecaster(CoreFixtures.admitted(1000, 200, Budget.NONE), 0);
    forecaster.on(state, 0);
    return forecaster.prediction(state).saturated();
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
