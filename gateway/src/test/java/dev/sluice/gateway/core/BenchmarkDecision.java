package dev.sluice.gateway.core;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.CoreFixtures.SECOND;

import dev.sluice.gateway.core.admission.Admission;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.policy.RoutingDecision;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.OutputLength;
import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.gateway.core.request.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures one routing decision, from the hard constraints to the candidate with its forecast, over
 * fleets whose deployments are all reachable and more or less busy.
 *
 * <p>Run it with {@code java -cp CLASSPATH org.openjdk.jmh.Main BenchmarkDecision -prof gc}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class BenchmarkDecision {

  /** Name of the policy. */
  @Param({"cheapest-adequate", "bid-price", "token-load"})
  public String policy = "";

  /** Deployments that serve the model. */
  @Param({"10", "1000", "10000"})
  public int deployments;

  /** Kinds of deployments, which divide the fleet evenly. */
  @Param({"3"})
  public int pools;

  /** Blocks of the prompt whose hashes are known; some deployments hold them. */
  @Param({"0", "8"})
  public int blocks;

  private DecisionCore core;
  private FleetSnapshot fleet;
  private AdmittedRequest request;
  private RandomGenerator random;

  /** A benchmark whose fields JMH or a test sets before {@link #prepare}. */
  public BenchmarkDecision() {
    core = core("random");
    fleet = FleetSnapshot.of(List.of());
    request = CoreFixtures.admitted(1, 1, Budget.NONE);
    random = new SplittableRandom(1);
  }

  private static DecisionCore core(String policy) {
    return new DecisionCore(
        new Admission(CoreFixtures.catalogue(), 600 * SECOND), Policies.named(policy));
  }

  /** Makes the fleet and the request. */
  @Setup
  public void prepare() {
    core = core(policy);
    Budget budget = new Budget(450 * MILLISECOND, 40 * MILLISECOND, 0);
    Prefix prefix = new Prefix(256, LongStream.rangeClosed(1, blocks).toArray());
    Size size = new Size(2100, 256, 0, prefix);
    request =
        new AdmittedRequest(
            CoreFixtures.request(size, budget, "chat"),
            CoreFixtures.model(),
            CoreFixtures.chat(),
            budget,
            60 * SECOND,
            OutputLength.typical(256));
    fleet = busy(fleet());
  }

  private FleetSnapshot fleet() {
    List<Deployment> fleet = new ArrayList<>();
    for (int i = 0; i < deployments; i++) {
      // every other kind has slots, each kind another number of them or another context
      int kind = i % pools;
      Deployment gpu = CoreFixtures.gpu(i, "gpu-" + i);
      fleet.add(
          kind % 2 == 0
              ? new Deployment(
                  i, gpu.identity(), gpu.figures(), gpu.economics(), gpu.contextTokens() + kind)
              : CoreFixtures.lpu(i, "lpu-" + i, 8 + kind));
    }
    return FleetSnapshot.of(fleet);
  }

  private FleetSnapshot busy(FleetSnapshot idle) {
    FleetSnapshot busy = idle;
    for (int i = 0; i < deployments; i++) {
      for (int j = random.nextInt(4); j > 0; j--) {
        Size size =
            random.nextInt(4) == 0
                ? request.request().size()
                : new Size(random.nextInt(1, 3000), 0, 0);
        Work work = Work.of(busy.get(i), size, 200);
        busy = busy.after(new Observation.Dispatched(i, work, 0));
        busy = random.nextBoolean() ? busy : busy.after(new Observation.FirstToken(i, work, 1, 1));
      }
      busy = busy.after(new Observation.Reported(i, random.nextInt(5), 0, 0, 1));
    }
    return busy;
  }

  /** One decision. */
  @Benchmark
  public RoutingDecision decide() {
    return core.route(request, fleet, _ -> false, 2, random);
  }
}
