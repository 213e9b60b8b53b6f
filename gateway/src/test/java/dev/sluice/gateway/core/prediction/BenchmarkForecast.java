package dev.sluice.gateway.core.prediction;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Measured;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Report;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.OutputLength;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a forecast costs for each candidate: physics, correction, both medians and the probability
 * that the budget is met.
 *
 * <p>Run it as {@code java -cp … org.openjdk.jmh.Main BenchmarkForecast -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BenchmarkForecast {

  static final int CANDIDATES = 256;

  /** The request has just arrived. */
  private static final long NOW_NANOS = 0;

  /** Parts that the budget has. */
  @Param({"FIRST_AND_PER_TOKEN", "ALL"})
  private String parts = "ALL";

  private List<DeploymentState> states = List.of();
  private Forecaster forecaster = forecaster(Budget.NONE);

  /** A fleet of GPUs and LPUs under different loads, all of which were learned about. */
  @Setup(Level.Trial)
  public void prepare() {
    states = states();
    long second = CoreFixtures.SECOND;
    forecaster =
        forecaster(new Budget(second / 2, second / 40, parts.equals("ALL") ? 6 * second : 0));
  }

  private static Forecaster forecaster(Budget budget) {
    AdmittedRequest example = CoreFixtures.admitted(1_000, 200, budget);
    return new Forecaster(
        new AdmittedRequest(
            example.request(),
            example.model(),
            example.serviceClass(),
            budget,
            Long.MAX_VALUE,
            OutputLength.typical(4_096)),
        NOW_NANOS);
  }

  private static List<DeploymentState> states() {
    LearnerFixtures learned = new LearnerFixtures(1.3);
    learned.serve(1_000);
    List<DeploymentState> states = new ArrayList<>();
    for (int i = 0; i < CANDIDATES; i++) {
      states.add(state(i, learned.calibration));
    }
    return states;
  }

  private static DeploymentState state(int place, Calibration calibration) {
    FleetSnapshot fleet =
        FleetSnapshot.of(
            List.of(place % 4 == 3 ? CoreFixtures.lpu(0, "lpu", 64) : CoreFixtures.gpu(0, "gpu")));
    Work work = Work.of(fleet.get(0).deployment(), 1_000, 200);
    for (int i = 0; i < place % 50; i++) {
      long sentNanos = NOW_NANOS - (60 - i) * CoreFixtures.SECOND / 2;
      fleet = fleet.after(new Observation.Dispatched(0, work, sentNanos));
      if (i % 8 != 0) {
        fleet = fleet.after(new Observation.FirstToken(0, work, 1, sentNanos + 1));
      }
    }
    DeploymentState state = fleet.get(0);
    return new DeploymentState(
        state.deployment(), state.load(), true, Report.NONE, Measured.NOTHING, calibration, 0);
  }

  /** All candidates of one decision. */
  @Benchmark
  @OperationsPerInvocation(CANDIDATES)
  public double candidate() {
    double sum = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      forecaster.on(states.get(i), 0);
      sum += forecaster.probability() + forecaster.firstTokenNanos() + forecaster.perTokenNanos();
    }
    return sum;
  }
}
