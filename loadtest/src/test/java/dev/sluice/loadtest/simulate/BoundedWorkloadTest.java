package dev.sluice.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.selection.Caps;
import dev.sluice.loadtest.bound.ProgressListener;
import dev.sluice.loadtest.report.BoundBracket;
import dev.sluice.loadtest.report.PolicyRun;
import dev.sluice.loadtest.report.SimulatedTrace;
import dev.sluice.loadtest.workload.PrefixBlocks;
import dev.sluice.loadtest.workload.TraceOptions;
import dev.sluice.loadtest.workload.TraceSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No policy may attain more than the bound says, nor the bound's own schedule less than the best.
 */
final class BoundedWorkloadTest {

  private static final long SECOND = SimulationFixtures.SECOND;
  private static final Budget TIGHT = new Budget(SECOND / 2, SECOND / 50, 0);

  @TempDir private Path folder;

  /** Requests that are given. */
  private record Given(List<Arrival> requests) implements Workload {
    @Override
    public List<String> classNames() {
      return List.of("any");
    }

    @Override
    public SimulatedTrace description() {
      return new SimulatedTrace("given", "0".repeat(64), requests.size(), 1);
    }

    @Override
    public ArrivalSource arrivals(double scale, long seed) {
      return SimulationFixtures.source(requests);
    }
  }

  private static Demand demand(String... regions) {
    return new Demand(
        SimulationFixtures.MODEL,
        "any",
        TIGHT,
        new Constraints(List.of(regions), Double.POSITIVE_INFINITY));
  }

  private static void checkBracket(SimulatedFleet fleet, List<Arrival> requests)
      throws IOException {
    Experiment experiment =
        new Experiment(
            new Experiment.Setting(fleet, Disclosure.DEFAULT, List.of()),
            new Given(requests),
            () -> 0);
    List<PolicyRun> runs = new ArrayList<>();
    Policies.names().forEach(name -> runs.add(new PolicyRun(name, 1, 1)));
    List<TrialResult> results =
        experiment.play(runs, new Experiment.Playing(2, null, true, QuietProgress.INSTANCE));
    BoundBracket bracket = experiment.bounds(results, ProgressListener.NONE).getFirst();
    assertThat(bracket.lower()).isLessThanOrEqualTo(bracket.upper());
    for (TrialResult each : results) {
      assertThat(each.result().attainment())
          .as(each.result().run().toString())
          .isLessThanOrEqualTo(bracket.upper());
    }
    double best = results.stream().mapToDouble(each -> each.result().attainment()).max().orElse(0);
    assertThat(bracket.lower()).isGreaterThanOrEqualTo(best);
  }

  private static LongStream seeds() {
    return LongStream.rangeClosed(1, Boolean.getBoolean("thorough") ? 3 : 1);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aBoundLiesAboveEveryPolicyOnAnOverloadedMixedFleet(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<Arrival> requests = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      requests.add(
          new Arrival(
              i,
              i * SECOND / 12,
              1 + random.nextInt(4000),
              1 + random.nextInt(400),
              random.nextInt(3) == 0 ? demand("eu") : demand(),
              PrefixBlocks.NONE));
    }
    checkBracket(
        SimulationFixtures.fleet(
            "id: a, profile: h100x4-llama-3.3-70b, region: eu",
            "id: b, profile: h20x4-llama-3.3-70b, region: us",
            "id: c, profile: groq-lpu-llama-3.3-70b, region: us, settings: {slots: 2}"),
        requests);
  }

  @Test
  @Tag("thorough")
  void aBoundAllowsForPromptsThatAreFoundInACache() throws IOException {
    Path trace = folder.resolve("trace.jsonl");
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 120; i++) {
      rows.append(
          "{\"timestamp\":%d,\"input_length\":4000,\"output_length\":60,\"hash_ids\":[%s]}\n"
              .formatted(i * 150, "1,2,3,4,5,6,7," + (100 + i)));
    }
    Files.writeString(trace, rows);
    List<Arrival> requests = new ArrayList<>();
    try (var cursor = new TraceSource(List.of(trace), TraceOptions.seeded(1)).open()) {
      for (var row = cursor.next(); row != null; row = cursor.next()) {
        requests.add(
            new Arrival(
                requests.size(),
                row.atNanos(),
                row.inputTokens(),
                row.outputTokens(),
                demand(),
                row.prefix()));
      }
    }
    checkBracket(
        SimulationFixtures.fleet("id: a, count: 2, profile: h100x4-llama-3.3-70b"), requests);
  }

  @Test
  void theBoundOfARateIsTheMeanOverItsSeeds() throws IOException {
    Experiment experiment =
        new Experiment(
            new Experiment.Setting(
                SimulationFixtures.fleet("id: a, profile: h100x4-llama-3.3-70b"),
                Disclosure.DEFAULT,
                List.of()),
            new MoreWithEachSeed(),
            () -> 0);
    List<PolicyRun> runs =
        List.of(new PolicyRun("round-robin", 0, 1), new PolicyRun("round-robin", 1, 1));
    List<TrialResult> results =
        experiment.play(runs, new Experiment.Playing(1, null, true, QuietProgress.INSTANCE));
    assertThat(experiment.bounds(results, ProgressListener.NONE))
        .containsExactly(new BoundBracket(1, 0.75, 0.75));
  }

  /** One request that can be served, and one more that cannot with seed 1. */
  private static final class MoreWithEachSeed implements Workload {
    @Override
    public List<String> classNames() {
      return List.of("any");
    }

    @Override
    public SimulatedTrace description() {
      return new SimulatedTrace("given", "0".repeat(64), 1, 1);
    }

    @Override
    public ArrivalSource arrivals(double scale, long seed) {
      List<Arrival> requests = new ArrayList<>();
      requests.add(SimulationFixtures.arrival(0, 0, 100, 5));
      for (int i = 1; i <= seed; i++) {
        requests.add(SimulationFixtures.arrival(i, i * SECOND, 131_072, 5));
      }
      return SimulationFixtures.source(requests);
    }
  }

  @Test
  void underACapTheBestPolicyIsTheLowerBound() throws IOException {
    SimulatedFleet free = SimulationFixtures.fleet("id: a, profile: h100x4-llama-3.3-70b");
    SimulatedFleet.Gate gate = free.gate();
    SimulatedFleet capped =
        new SimulatedFleet(
            free.catalogue(),
            free.deployments(),
            free.engines(),
            new SimulatedFleet.Gate(
                gate.maxInFlight(), gate.maxTotalNanos(), new Caps(Map.of(), 1), gate.tenants()));
    Experiment experiment =
        new Experiment(
            new Experiment.Setting(capped, Disclosure.DEFAULT, List.of()),
            new Given(List.of(SimulationFixtures.arrival(0, 0, 100, 5))),
            () -> 0);
    List<TrialResult> results =
        experiment.play(
            List.of(new PolicyRun("round-robin", 1, 1)),
            new Experiment.Playing(1, null, true, QuietProgress.INSTANCE));
    assertThat(experiment.bounds(results, ProgressListener.NONE))
        .containsExactly(new BoundBracket(1, 1, 0));
  }

  @Test
  void thereIsNoBoundForEnginesWithNoise() {
    Experiment experiment =
        new Experiment(
            new Experiment.Setting(
                SimulationFixtures.fleet(
                    "id: a, profile: h100x4-llama-3.3-70b",
                    "id: b, profile: h100x4-llama-3.3-70b, settings: {noise: 0.03}"),
                Disclosure.DEFAULT,
                List.of()),
            new Given(List.of()),
            () -> 0);
    assertThatThrownBy(experiment::checkBoundable)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("bound: backend b has noise 0.03 (expected: none, the bound holds without it)");
  }

  @Test
  void whatTheGateRefusesNobodyCanServe() throws IOException {
    Experiment experiment =
        new Experiment(
            new Experiment.Setting(
                SimulationFixtures.fleet("id: a, profile: h100x4-llama-3.3-70b"),
                Disclosure.DEFAULT,
                List.of()),
            new Given(
                List.of(
                    SimulationFixtures.arrival(0, 0, 131_072, 5),
                    SimulationFixtures.arrival(1, SECOND, 100, 5))),
            () -> 0);
    List<TrialResult> results =
        experiment.play(
            List.of(new PolicyRun("round-robin", 1, 1)),
            new Experiment.Playing(1, null, true, QuietProgress.INSTANCE));
    BoundBracket bracket = experiment.bounds(results, ProgressListener.NONE).getFirst();
    assertThat(bracket.upper()).isEqualTo(0.5);
    assertThat(bracket.lower()).isEqualTo(0.5);
  }
}
