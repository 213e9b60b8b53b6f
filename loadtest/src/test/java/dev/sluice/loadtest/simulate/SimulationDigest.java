package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.loadtest.workload.PrefixBlocks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A run on a mixed fleet, all its results in one checksum; a program of its own for one test. */
final class SimulationDigest {

  private SimulationDigest() {}

  /** Prints the checksum of a run with the policy and the seed that the arguments name. */
  public static void main(String[] arguments) throws IOException {
    System.out.println(of(arguments[0], Long.parseLong(arguments[1])));
  }

  static String of(String policy, long seed) throws IOException {
    SimulatedFleet fleet =
        SimulationFixtures.fleet(
            "id: gpu, count: 3, profile: h100x4-llama-3.3-70b, settings: {noise: 0.05}",
            "id: lpu, profile: groq-lpu-llama-3.3-70b, settings: {slots: 3, noise: 0.01}",
            "id: wafer, profile: wse3x4-llama-3.3-70b, settings: {slots: 1}");
    StringBuilder text = new StringBuilder();
    Simulation simulation =
        new Simulation(
            new VirtualGateway.Rules(fleet, Policies.named(policy), Disclosure.DEFAULT),
            List.of(new Fault.Vanish(20 * SimulationFixtures.SECOND, 0)),
            seed,
            finished -> text.append(finished).append('\n'));
    simulation.play(SimulationFixtures.queue(arrivals(seed)));
    return Checksum.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<Arrival> arrivals(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Demand hurried = SimulationFixtures.demand(new Budget(500_000_000, 10_000_000, 0));
    Demand chat = SimulationFixtures.demand(new Budget(450_000_000, 40_000_000, 0));
    List<Arrival> arrivals = new ArrayList<>();
    long atNanos = 0;
    for (int i = 0; i < 600; i++) {
      atNanos += random.nextLong(120_000_000);
      arrivals.add(
          new Arrival(
              i,
              atNanos,
              1 + random.nextInt(3000),
              1 + random.nextInt(400),
              random.nextInt(10) == 0 ? hurried : chat,
              PrefixBlocks.NONE));
    }
    return arrivals;
  }
}
