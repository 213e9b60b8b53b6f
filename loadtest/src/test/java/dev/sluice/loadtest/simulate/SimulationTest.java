package dev.sluice.loadtest.simulate;

import static dev.sluice.loadtest.simulate.SimulationFixtures.MILLISECOND;
import static dev.sluice.loadtest.simulate.SimulationFixtures.SECOND;
import static dev.sluice.loadtest.simulate.SimulationFixtures.arrival;
import static dev.sluice.loadtest.simulate.SimulationFixtures.demand;
import static dev.sluice.loadtest.simulate.SimulationFixtures.fleet;
import static dev.sluice.loadtest.simulate.SimulationFixtures.played;
import static dev.sluice.loadtest.simulate.SimulationFixtures.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.profile.Service;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.loadtest.report.Ending;
import dev.sluice.loadtest.report.Outcome;
import dev.sluice.loadtest.workload.PrefixBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SimulationTest {

  private static final String GPU = "id: gpu, profile: h100x4-llama-3.3-70b";
  private static final String LPU = "id: lpu, profile: groq-lpu-llama-3.3-70b";

  /** Science §2.2: overhead + π·p + ⌈p / chunk⌉·a, and (o − 1)·(a + b + g·K) after it. */
  @ParameterizedTest
  @CsvSource({"100, 50", "1500, 200", "9000, 700"})
  void aLoneRequestTakesWhatThePhysicsOfAGpuSays(int prompt, int output) throws IOException {
    SimulatedFleet fleet = fleet(GPU);
    Service.Batch batch = (Service.Batch) fleet.engines().getFirst().profile().service();
    double overheadNanos = fleet.engines().getFirst().profile().overheadNanos();
    FinishedRequest finished =
        played(fleet, "round-robin", arrival(0, 5 * SECOND, prompt, output)).getFirst();
    double steps = Math.ceil((double) prompt / batch.limits().chunkTokens());
    assertThat((double) finished.answer().ttftNanos())
        .isEqualTo(
            overheadNanos + batch.perPromptTokenNanos() * prompt + steps * batch.stepNanos(),
            within(steps + 1));
    double meanKvTokens = prompt + (output + 1) / 2.0;
    assertThat((double) finished.answer().tpotNanos())
        .isEqualTo(
            batch.stepNanos() + batch.perSequenceNanos() + batch.perKvTokenNanos() * meanKvTokens,
            within(batch.perKvTokenNanos() + 2));
    assertThat(finished.probability()).isEqualTo(1);
  }

  @Test
  void aLoneRequestTakesWhatThePhysicsOfAnLpuSays() throws IOException {
    SimulatedFleet fleet = fleet(LPU);
    Service.Slots slots = (Service.Slots) fleet.engines().getFirst().profile().service();
    double overheadNanos = fleet.engines().getFirst().profile().overheadNanos();
    FinishedRequest finished = played(fleet, "round-robin", arrival(0, 0, 1000, 300)).getFirst();
    assertThat((double) finished.answer().ttftNanos())
        .isEqualTo(
            overheadNanos + slots.fillNanos() + 1000 * slots.perPromptTokenNanos(), within(2.0));
    assertThat((double) finished.answer().tpotNanos()).isEqualTo(slots.tokenNanos(), within(1.0));
  }

  @Test
  void theForecastOfALoneRequestIsWhatItTakes() throws IOException {
    Arrival patient = arrival(0, 0, 1500, 200);
    Budget tight = new Budget(250 * MILLISECOND, 0, 0);
    Arrival hurried = new Arrival(0, 0, 1500, 200, demand(tight), PrefixBlocks.NONE);
    long ttftNanos = played(fleet(GPU), "fastest", patient).getFirst().answer().ttftNanos();
    FinishedRequest finished = played(fleet(GPU), "fastest", hurried).getFirst();
    assertThat(ttftNanos).isLessThan(250 * MILLISECOND);
    assertThat(finished.met()).isTrue();
    assertThat(finished.probability()).isBetween(0.5, 1.0);
  }

  @Test
  void anAnswerIsNoLongerThanTheModelAllows() throws IOException {
    FinishedRequest finished =
        played(fleet(GPU), "round-robin", arrival(0, 0, 100, 5000)).getFirst();
    assertThat(finished.answer().tokens()).isEqualTo(1024);
    assertThat(finished.ending()).isEqualTo(Ending.COMPLETED);
  }

  @Test
  void anAnswerThatTheAcceleratorCutsShortKeepsNoBudget() throws IOException {
    SimulatedFleet fleet = fleet("id: small, profile: l40sx4-llama-3.3-70b");
    int room =
        fleet.engines().getFirst().engine(0, new SplittableRandom(1)).longestSequenceTokens();
    VirtualGateway.Rules exact =
        new VirtualGateway.Rules(
            fleet,
            Policies.named("round-robin"),
            new Disclosure(false, Disclosure.EXACT, false, 0));
    FinishedRequest whole = played(exact, List.of(), arrival(0, 0, room - 10, 10)).getFirst();
    FinishedRequest cut = played(exact, List.of(), arrival(0, 0, room - 10, 11)).getFirst();
    assertThat(cut.ending()).isEqualTo(Ending.COMPLETED);
    assertThat(cut.answer().tokens()).isEqualTo(whole.answer().tokens()).isEqualTo(10);
    assertThat(whole.met()).isTrue();
    assertThat(cut.met()).isFalse();
  }

  @Test
  void aPromptThatNobodyCanHoldIsRefused() throws IOException {
    FinishedRequest finished =
        played(fleet(GPU), "round-robin", arrival(0, 0, 131_072, 10)).getFirst();
    assertThat(finished.ending()).isEqualTo(new Ending(Outcome.REFUSED, "MALFORMED_REQUEST"));
    assertThat(finished.met()).isFalse();
  }

  @Test
  void aClassThatTheConfigurationDoesNotKnowIsRefused() throws IOException {
    Demand unknown =
        new Demand(
            SimulationFixtures.MODEL,
            "nobody",
            Budget.NONE,
            dev.sluice.gateway.core.request.Constraints.NONE);
    Arrival arrival = new Arrival(0, 0, 100, 10, unknown, PrefixBlocks.NONE);
    FinishedRequest finished = played(fleet(GPU), "round-robin", arrival).getFirst();
    assertThat(finished.ending().outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aRequestEndsAtItsDeadlineAndGivesItsPlaceBack() throws IOException {
    Budget total = new Budget(0, 0, SECOND);
    Arrival late = new Arrival(0, 0, 100, 1000, demand(total), PrefixBlocks.NONE);
    List<FinishedRequest> finished =
        played(fleet(GPU), "round-robin", late, arrival(1, 2 * SECOND, 100, 5));
    FinishedRequest expired = finished.getFirst();
    assertThat(expired.ending()).isEqualTo(new Ending(Outcome.EXPIRED, "DEADLINE_EXPIRED"));
    assertThat(expired.answer().totalNanos()).isEqualTo(SECOND);
    // 16 ms a token
    assertThat(expired.answer().tokens()).isBetween(50, 62);
    assertThat(finished.getLast().ending()).isEqualTo(Ending.COMPLETED);
  }

  @Test
  void whereTooManyWaitARequestGoesElsewhereAndIsRefusedWhenAllAreFull() throws IOException {
    SimulatedFleet fleet =
        fleet(
            LPU + ", settings: {slots: 1, max_waiting: 0}",
            "id: other, profile: groq-lpu-llama-3.3-70b, settings: {slots: 1, max_waiting: 0}");
    List<FinishedRequest> finished =
        played(
            fleet,
            "round-robin",
            arrival(0, 0, 100, 1000),
            arrival(1, 1, 100, 5),
            arrival(2, SECOND, 100, 5),
            arrival(3, SECOND + 1, 100, 5));
    // the third was sent to the first backend in its turn, which is busy
    assertThat(finished.stream().map(each -> each.arrival().id())).containsExactly(1L, 3L, 2L, 0L);
    assertThat(finished.get(1).ending()).isEqualTo(new Ending(Outcome.REFUSED, "OVERLOADED"));
    assertThat(finished.get(2).ending()).isEqualTo(Ending.COMPLETED);
  }

  @Test
  void aRequestWaitsAtTheGatewayUntilSomebodyIsWorthIt() throws IOException {
    SimulatedFleet fleet = fleet(LPU + ", settings: {slots: 1}");
    Demand hurried = demand(new Budget(3 * SECOND, 0, 0));
    Arrival second = new Arrival(1, SECOND, 100, 5, hurried, PrefixBlocks.NONE);
    // one answer takes 3.6 s of the only slot; nobody else could give the second its first token
    List<FinishedRequest> finished = played(fleet, "bid-price", arrival(0, 0, 100, 1000), second);
    FinishedRequest waited = finished.getLast();
    assertThat(waited.arrival().id()).isEqualTo(1);
    assertThat(waited.ending()).isEqualTo(Ending.COMPLETED);
  }

  @Test
  void withoutReportsTheGatewayGoesByItsOwnBooks() throws IOException {
    SimulatedFleet fleet = fleet(GPU, LPU);
    VirtualGateway.Rules silent =
        new VirtualGateway.Rules(
            fleet,
            Policies.named("least-request"),
            new Disclosure(false, Disclosure.UNSAID, false, 0));
    Simulation simulation = new Simulation(silent, List.of(), 1, _ -> {});
    simulation.play(SimulationFixtures.queue(List.of(arrival(0, SECOND, 1000, 100))));
    assertThat(simulation.gateway().snapshot().get(0).report().atNanos()).isEqualTo(Long.MIN_VALUE);
    Simulation reporting = new Simulation(rules(fleet, "least-request"), List.of(), 1, _ -> {});
    reporting.play(SimulationFixtures.queue(List.of(arrival(0, SECOND, 1000, 100))));
    long saidNanos = reporting.gateway().snapshot().get(0).report().atNanos();
    // asked every 100 ms, answered 10 ms later
    assertThat(saidNanos % (100 * MILLISECOND)).isEqualTo(10 * MILLISECOND);
    assertThat(reporting.gateway().nowNanos() - saidNanos).isBetween(0L, 100 * MILLISECOND);
  }

  @Test
  void whatVanishesLeavesItsRequestsToTheOthersAndIsNotAskedAgain() throws IOException {
    List<Arrival> arrivals = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      arrivals.add(arrival(i, i * 3L * SECOND / 10, 500, 100));
    }
    List<FinishedRequest> finished =
        played(
            rules(fleet(GPU, LPU), "round-robin"),
            List.of(new Fault.Vanish(SECOND, 0)),
            arrivals.toArray(Arrival[]::new));
    assertThat(finished).hasSize(20);
    // those that were there go on with the other one, and lose no token by it
    assertThat(finished)
        .allMatch(each -> each.ending().equals(Ending.COMPLETED))
        .allMatch(each -> each.answer().tokens() == 100);
  }

  @Test
  void whatComesBackIsAskedAgain() throws IOException {
    List<FinishedRequest> finished =
        played(
            rules(fleet(GPU), "round-robin"),
            List.of(new Fault.Vanish(SECOND, 0), new Fault.ComeBack(3 * SECOND, 0)),
            arrival(0, 2 * SECOND, 100, 5),
            arrival(1, 4 * SECOND, 100, 5));
    assertThat(finished.getFirst().ending().reason()).isEqualTo("NO_BACKEND_AVAILABLE");
    assertThat(finished.getLast().ending()).isEqualTo(Ending.COMPLETED);
  }
}
