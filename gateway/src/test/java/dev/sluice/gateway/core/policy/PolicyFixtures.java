package dev.sluice.gateway.core.policy;

import static dev.sluice.gateway.core.CoreFixtures.MILLISECOND;
import static dev.sluice.gateway.core.CoreFixtures.SECOND;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Observation;
import dev.sluice.gateway.core.fleet.Work;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.OutputLength;
import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.gateway.core.request.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/** Fleets with a past, requests, and choices among them. */
final class PolicyFixtures {

  private PolicyFixtures() {}

  /** {@code count} deployments that {@code make} makes by index. */
  static FleetSnapshot fleet(int count, IntFunction<Deployment> make) {
    List<Deployment> deployments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      deployments.add(make.apply(i));
    }
    return FleetSnapshot.of(deployments);
  }

  /** {@code count} equal GPUs. */
  static FleetSnapshot gpus(int count) {
    return fleet(count, i -> CoreFixtures.gpu(i, "gpu-" + i));
  }

  /** The fleet after {@code times} attempts were sent to a deployment and did not end. */
  static FleetSnapshot busy(FleetSnapshot fleet, int index, int times) {
    FleetSnapshot now = fleet;
    for (int i = 0; i < times; i++) {
      now = now.after(new Observation.Dispatched(index, work(now, index, 1000), 0));
    }
    return now;
  }

  /** The fleet after a deployment answered one request in {@code latencyNanos}. */
  static FleetSnapshot answered(FleetSnapshot fleet, int index, long latencyNanos, long nowNanos) {
    Work work = work(fleet, index, 1000);
    return fleet
        .after(new Observation.Dispatched(index, work, nowNanos - latencyNanos))
        .after(new Observation.FirstToken(index, work, latencyNanos / 2, nowNanos))
        .after(new Observation.Ended(index, work, 100, true, latencyNanos, nowNanos));
  }

  private static Work work(FleetSnapshot fleet, int index, int promptTokens) {
    return Work.of(fleet.get(index), new Size(promptTokens, 100, 100), 100);
  }

  static AdmittedRequest request(Budget budget) {
    return CoreFixtures.admitted(1000, 100, budget);
  }

  /** A request of 2,560 prompt tokens whose blocks of 256 tokens have these hashes. */
  static AdmittedRequest request(Prefix prefix) {
    Size size = new Size(2560, 100, 100, prefix);
    return new AdmittedRequest(
        CoreFixtures.request(size, Budget.NONE, ""),
        CoreFixtures.model(),
        CoreFixtures.chat(),
        Budget.NONE,
        600 * SECOND,
        OutputLength.hinted(100, 100));
  }

  /** All of {@code fleet} as candidates. */
  static Candidates candidates(FleetSnapshot fleet, AdmittedRequest request, long nowNanos) {
    DeploymentState[] states = new DeploymentState[fleet.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = fleet.get(i);
    }
    return new Candidates(
        request, states, states.length, nowNanos, fleet.isContended(request.model().name()));
  }

  static int choose(String policy, FleetSnapshot fleet, RandomGenerator random) {
    Candidates candidates = candidates(fleet, request(Budget.NONE), 0);
    return Policies.named(policy).choose(candidates, random);
  }

  /** How often each of {@code fleet} is chosen when nothing changes. */
  static int[] choices(String policy, FleetSnapshot fleet, AdmittedRequest request, int times) {
    int[] counts = new int[fleet.size()];
    RandomGenerator random = new SplittableRandom(7);
    for (int i = 0; i < times; i++) {
      counts[Policies.named(policy).choose(candidates(fleet, request, 0), random)]++;
    }
    return counts;
  }

  /** How often each of {@code fleet} is chosen when each choice is asked and answers. */
  static int[] turns(String policy, FleetSnapshot fleet, int times) {
    int[] counts = new int[fleet.size()];
    RandomGenerator random = new SplittableRandom(7);
    FleetSnapshot now = fleet;
    for (int i = 0; i < times; i++) {
      int choice = choose(policy, now, random);
      counts[choice]++;
      Work work = work(now, choice, 10);
      now =
          now.after(new Observation.Dispatched(choice, work, i))
              .after(new Observation.Ended(choice, work, 0, false, 0, i));
    }
    return counts;
  }

  /** A fleet of up to 40 with a past that {@code random} made up; {@link #NOW} is its end. */
  static FleetSnapshot anyFleet(RandomGenerator random) {
    FleetSnapshot fleet =
        fleet(
            random.nextInt(1, 41),
            i ->
                random.nextInt(3) == 0
                    ? CoreFixtures.lpu(i, "lpu-" + i, random.nextInt(1, 9))
                    : CoreFixtures.gpu(i, "gpu-" + i));
    for (int i = random.nextInt(100); i > 0; i--) {
      fleet = anyEvent(fleet, random);
    }
    return fleet;
  }

  static final long NOW = 100 * SECOND;

  private static FleetSnapshot anyEvent(FleetSnapshot fleet, RandomGenerator random) {
    int index = random.nextInt(fleet.size());
    long at = random.nextLong(NOW);
    Work work =
        Work.of(fleet.get(index), new Size(random.nextInt(1, 6000), 0, 0, anyPrefix(random)), 200);
    return switch (random.nextInt(5)) {
      case 0, 1 -> fleet.after(new Observation.Dispatched(index, work, at));
      case 2 -> answered(fleet, index, random.nextLong(1, 20 * SECOND), at);
      case 3 ->
          fleet.after(
              new Observation.Reported(
                  index, random.nextInt(-1, 50), random.nextInt(9), random.nextInt(9000), at));
      default -> fleet.after(new Observation.Tick(at));
    };
  }

  private static Prefix anyPrefix(RandomGenerator random) {
    if (random.nextBoolean()) {
      return Prefix.NONE;
    }
    long[] hashes = new long[random.nextInt(1, 20)];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = 1 + i + 100L * random.nextInt(3);
    }
    return new Prefix(256, hashes);
  }

  static AdmittedRequest anyRequest(RandomGenerator random) {
    Budget budget =
        new Budget(
            random.nextInt(3) * random.nextLong(1000 * MILLISECOND),
            random.nextInt(3) * random.nextLong(50 * MILLISECOND),
            random.nextInt(3) * random.nextLong(30 * SECOND));
    int most = random.nextInt(1, 1000);
    Size size = new Size(random.nextInt(1, 8000), most, 0, anyPrefix(random));
    InferenceRequest asked = CoreFixtures.request(size, budget, "");
    return new AdmittedRequest(
        new InferenceRequest(
            asked.id(),
            asked.model(),
            size,
            budget,
            "",
            asked.constraints(),
            new InferenceRequest.Timing(NOW - random.nextLong(SECOND), Long.MAX_VALUE)),
        CoreFixtures.model(),
        CoreFixtures.chat(),
        budget,
        600 * SECOND,
        OutputLength.typical(most));
  }
}
