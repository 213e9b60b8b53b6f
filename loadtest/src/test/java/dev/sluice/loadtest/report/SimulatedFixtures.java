package dev.sluice.loadtest.report;

import dev.sluice.loadtest.report.SimulatedOutcome.Arrival;
import dev.sluice.loadtest.report.SimulatedOutcome.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Runs in virtual time of a toy fleet: two queues, of which the fast one is small. */
public final class SimulatedFixtures {
  /** What the toy fleet serves. */
  public static final SimulatedTrace TRACE =
      new SimulatedTrace("toy.csv", "a".repeat(64), 4_000, 1_000);

  static final List<String> CLASSES = List.of("relaxed", "coding");

  private static final double SECOND = 1e9;

  private SimulatedFixtures() {}

  /** How a toy policy routes: the share of each class that it sends to the fast accelerator. */
  public record Toy(String name, double codingOnFast, double relaxedOnFast) {}

  /** Keeps the fast accelerator for those who need it. */
  public static final Toy SHARP = new Toy("sharp", 1, 0);

  /** Does not look. */
  public static final Toy BLIND = new Toy("blind", 0.5, 0.5);

  static PolicyResult result(Toy toy, long seed, double rateScale) {
    PolicyRun run = new PolicyRun(toy.name(), seed, rateScale);
    PolicyTally tally = new PolicyTally(run, CLASSES);
    double horizon = play(toy, seed, rateScale, tally::add);
    return tally.result(new PolicyResult.Lengths(horizon, horizon + 5, 0.25));
  }

  /** Writes a report and the file of each run's requests. */
  public static void write(Path folder, List<Toy> toys, List<Long> seeds, List<Double> scales)
      throws IOException {
    SimulatedReportWriter.write(folder, report(toys, seeds, scales));
    for (PolicyResult result : report(toys, seeds, scales).policies()) {
      Toy toy =
          toys.stream()
              .filter(each -> each.name().equals(result.run().policy()))
              .findFirst()
              .orElseThrow();
      try (SimulatedOutcomeCsv out = SimulatedOutcomeCsv.open(folder, result.run())) {
        for (SimulatedOutcome outcome :
            outcomes(toy, result.run().seed(), result.run().rateScale())) {
          out.write(outcome);
        }
      }
    }
  }

  private static List<SimulatedOutcome> outcomes(Toy toy, long seed, double rateScale) {
    List<SimulatedOutcome> outcomes = new ArrayList<>();
    play(toy, seed, rateScale, outcomes::add);
    return outcomes;
  }

  /** A report on every toy at every rate and with every seed. */
  public static SimulatedReport report(List<Toy> toys, List<Long> seeds, List<Double> scales) {
    List<PolicyResult> results = new ArrayList<>();
    List<BoundBracket> bounds = new ArrayList<>();
    for (double scale : scales) {
      for (Toy toy : toys) {
        seeds.forEach(seed -> results.add(result(toy, seed, scale)));
      }
      bounds.add(new BoundBracket(scale, 1 - 0.02 * scale, 1 - 0.05 * scale));
    }
    return new SimulatedReport(TRACE, results, bounds);
  }

  /** Plays the trace and returns the length of its arrivals in seconds. */
  static double play(Toy toy, long seed, double rateScale, Consumer<SimulatedOutcome> sink) {
    SplittableRandom arrivals = new SplittableRandom(seed);
    SplittableRandom choices = new SplittableRandom(seed + 1);
    double now = 0;
    double[] freeAt = new double[2];
    for (int id = 0; id < TRACE.requests(); id++) {
      now -= Math.log(1 - arrivals.nextDouble()) / 3 / rateScale;
      boolean coding = arrivals.nextDouble() < 0.2;
      double size = -Math.log(1 - arrivals.nextDouble());
      int tokens = 1 + (int) (100 * size);
      double fastShare = coding ? toy.codingOnFast() : toy.relaxedOnFast();
      boolean fast = choices.nextDouble() < fastShare;
      int queue = fast ? 0 : 1;
      double wait = Math.max(0, freeAt[queue] - now);
      double work = size * (fast ? 0.4 : 0.2);
      double probability = (fast || !coding ? 1 : 0.02) * Math.exp(-wait / (coding ? 0.8 : 4));
      Arrival arrival =
          new Arrival(id, coding ? "coding" : "relaxed", Math.round(now * SECOND), 1_000, tokens);
      if (wait > 5) {
        sink.accept(refused(arrival, probability));
        continue;
      }
      freeAt[queue] = now + wait + work;
      double perToken = fast ? 0.002 : 0.025;
      double ttft = wait + 0.05 + 0.1 * choices.nextDouble();
      boolean met = ttft < (coding ? 0.5 : 2) && perToken < (coding ? 0.01 : 0.1);
      Fate fate =
          new Fate.Completed(
              Math.round(wait * SECOND),
              Math.round(ttft * SECOND),
              tokens > 1 ? Math.round(perToken * SECOND) : 0,
              Math.round((ttft + (tokens - 1) * perToken) * SECOND),
              met);
      Placement placement = fast ? new Placement("lpu-1", "LPU") : new Placement("gpu-1", "GPU");
      sink.accept(new SimulatedOutcome(arrival, placement, fate, probability, 0.001, 20));
    }
    return now;
  }

  static SimulatedOutcome refused(Arrival arrival, double probability) {
    return new SimulatedOutcome(
        arrival,
        Placement.NOWHERE,
        new Fate.Failed(new Ending(Outcome.REFUSED, "OVER_BUDGET")),
        probability,
        0,
        0);
  }
}
