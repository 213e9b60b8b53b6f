package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.emulated.model.EngineLoad;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.loadtest.report.Outcome;
import dev.sluice.loadtest.workload.PrefixBlocks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small fleets, loads and faults drawn from a seed: the books must balance whatever happens. */
final class SimulationPropertyTest {

  private static final int REQUESTS = 300;
  private static final long SECOND = SimulationFixtures.SECOND;

  private static final List<String> ENTRIES =
      List.of(
          "profile: h100x4-llama-3.3-70b",
          "profile: h20x4-llama-3.3-70b, settings: {noise: 0.1}",
          "profile: groq-lpu-llama-3.3-70b, settings: {slots: 2, max_waiting: 3}",
          "profile: wse3x4-llama-3.3-70b, settings: {slots: 1, noise: 0.02}");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void theBooksBalanceAfterEveryEventAndReturnToIdle(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedFleet fleet = fleet(random);
    List<FinishedRequest> finished = new ArrayList<>();
    Simulation simulation =
        new Simulation(rules(fleet, random), faults(fleet, random), seed, finished::add);
    simulation.begin(SimulationFixtures.queue(arrivals(random)));
    while (simulation.advance()) {
      check(simulation, fleet);
    }
    checkAllEndedOnce(finished);
    checkIdle(simulation, fleet);
    checkEnergy(simulation, fleet, finished);
  }

  private static SimulatedFleet fleet(SplittableRandom random) {
    String[] entries = new String[1 + random.nextInt(4)];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = "id: b%d, %s".formatted(i, ENTRIES.get(random.nextInt(ENTRIES.size())));
    }
    return SimulationFixtures.fleet(entries);
  }

  private static VirtualGateway.Rules rules(SimulatedFleet fleet, SplittableRandom random) {
    List<String> names = Policies.names();
    Disclosure disclosure =
        new Disclosure(
            random.nextBoolean(),
            random.nextBoolean() ? Disclosure.EXACT : Disclosure.UNSAID,
            random.nextBoolean(),
            random.nextLong(50_000_000));
    return new VirtualGateway.Rules(
        fleet, Policies.named(names.get(random.nextInt(names.size()))), disclosure);
  }

  private static List<Fault> faults(SimulatedFleet fleet, SplittableRandom random) {
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < fleet.deployments().size(); i++) {
      if (random.nextInt(3) == 0) {
        long atNanos = random.nextLong(20 * SECOND);
        faults.add(new Fault.Vanish(atNanos, i));
        faults.add(new Fault.ComeBack(atNanos + random.nextLong(10 * SECOND), i));
      }
    }
    return faults;
  }

  private static List<Arrival> arrivals(SplittableRandom random) {
    Demand[] demands = {
      SimulationFixtures.PATIENT,
      SimulationFixtures.demand(new Budget(SECOND / 2, SECOND / 50, 0)),
      SimulationFixtures.demand(new Budget(0, 0, 3 * SECOND))
    };
    List<Arrival> arrivals = new ArrayList<>();
    long atNanos = 0;
    for (int i = 0; i < REQUESTS; i++) {
      atNanos += random.nextLong(SECOND / 4);
      arrivals.add(
          new Arrival(
              i,
              atNanos,
              1 + random.nextInt(6000),
              1 + random.nextInt(400),
              demands[random.nextInt(demands.length)],
              PrefixBlocks.NONE));
    }
    return arrivals;
  }

  /** What the gateway's books say is under way is what the open requests are about. */
  private static void check(Simulation simulation, SimulatedFleet fleet) {
    VirtualGateway gateway = simulation.gateway();
    FleetSnapshot snapshot = gateway.snapshot();
    int underWay = 0;
    for (int i = 0; i < fleet.deployments().size(); i++) {
      int inFlight = snapshot.get(i).load().inFlight();
      assertThat(inFlight).isEqualTo(gateway.inFlightOn(i));
      underWay += inFlight;
    }
    assertThat(underWay + gateway.waiting() + gateway.betweenAttempts())
        .isEqualTo(gateway.inFlight());
  }

  private static void checkAllEndedOnce(List<FinishedRequest> finished) {
    BitSet ended = new BitSet(REQUESTS);
    for (FinishedRequest each : finished) {
      int id = (int) each.arrival().id();
      assertThat(ended.get(id)).as("request %d ended before", id).isFalse();
      ended.set(id);
      if (each.ending().outcome() == Outcome.COMPLETED) {
        assertThat(each.answer().tokens()).isEqualTo(Math.min(each.arrival().outputTokens(), 1024));
      }
    }
    assertThat(ended.cardinality()).isEqualTo(REQUESTS);
  }

  private static void checkIdle(Simulation simulation, SimulatedFleet fleet) {
    for (int i = 0; i < fleet.deployments().size(); i++) {
      Load load = simulation.gateway().snapshot().get(i).load();
      assertThat(load.inFlight()).isZero();
      assertThat(load.kvTokens()).isZero();
      assertThat(load.prefillTokens()).isZero();
      EngineLoad engine = simulation.engineLoad(i);
      // who was cancelled last may hold its place until the end of the step
      assertThat(engine.waiting()).isZero();
    }
    assertThat(simulation.gateway().inFlight()).isZero();
    assertThat(simulation.gateway().waiting()).isZero();
  }

  /** Nothing is booked to requests that the engines did not meter. */
  private static void checkEnergy(
      Simulation simulation, SimulatedFleet fleet, List<FinishedRequest> finished) {
    double metered = 0;
    for (int i = 0; i < fleet.deployments().size(); i++) {
      metered += simulation.energy(i, simulation.gateway().nowNanos()).requestJoules();
    }
    double booked = finished.stream().mapToDouble(each -> each.spending().joules()).sum();
    boolean allAnswered =
        finished.stream().allMatch(each -> each.ending().outcome() == Outcome.COMPLETED);
    assertThat(booked).isLessThanOrEqualTo(metered * (1 + 1e-9));
    if (allAnswered) {
      assertThat(booked).isCloseTo(metered, within(metered * 1e-9));
    }
  }
}
