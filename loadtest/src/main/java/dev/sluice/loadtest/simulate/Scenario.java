package dev.sluice.loadtest.simulate;

import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.loadtest.report.PolicyRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A situation worth knowing the outcome of: a fleet, drawn traffic, what breaks, and the policies
 * that are tried on it. Told as a short text that is the same on every machine.
 */
public final class Scenario {

  /** The scenarios that are shipped, in the order in which they are told. */
  private static final List<String> NAMES =
      List.of(
          "ten-percent",
          "interconnect",
          "energy-cap",
          "power-cap",
          "cost",
          "export-limits",
          "residency",
          "vendor-concentration",
          "overload",
          "surge",
          "fair-share",
          "critical");

  private final Heading heading;
  private final Experiment.Setting setting;
  private final SyntheticWorkload workload;
  private final Plan plan;
  private final @Nullable EnergySweep sweep;

  /**
   * What it is about.
   *
   * @param title in a few words
   * @param about what the traffic and the fleet are, and what to look for
   */
  record Heading(String name, String title, String about) {}

  /**
   * What is tried.
   *
   * @param policies names of the policies
   * @param loads multiples of the traffic's own rates
   * @param seed of every draw
   * @param goodput whether good answers are told beside the most of any load within capacity
   */
  record Plan(List<String> policies, List<Double> loads, long seed, boolean goodput) {
    Plan {
      policies = List.copyOf(policies);
      loads = List.copyOf(loads);
    }

    List<PolicyRun> runs() {
      List<PolicyRun> runs = new ArrayList<>();
      for (double load : loads) {
        for (String policy : policies) {
          runs.add(new PolicyRun(policy, seed, load));
        }
      }
      return runs;
    }
  }

  Scenario(
      Heading heading,
      Experiment.Setting setting,
      SyntheticWorkload workload,
      Plan plan,
      @Nullable EnergySweep sweep) {
    this.heading = heading;
    this.setting = setting;
    this.workload = workload;
    this.plan = plan;
    this.sweep = sweep;
  }

  /** Names of the scenarios that are shipped. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The shipped scenario called {@code name}, which is one of {@link #names}.
   *
   * @throws IOException if it cannot be read
   */
  public static Scenario named(String name) throws IOException {
    return new ScenarioReader(name, Scenario::shipped).read(shipped(name + ".yaml"));
  }

  private static String shipped(String file) throws IOException {
    try (InputStream in = Scenario.class.getResourceAsStream("scenarios/" + file)) {
      if (in == null) {
        throw new NoSuchFileException("scenarios/" + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * The scenario in {@code file}.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it cannot be played; tells which key
   */
  public static Scenario in(Path file) throws IOException {
    String name = String.valueOf(file.getFileName()).replaceFirst("[.]yaml$", "");
    return new ScenarioReader(name, beside -> Files.readString(file.resolveSibling(beside)))
        .read(Files.readString(file));
  }

  /** How many runs it takes. */
  public int runs() {
    return plan.runs().size() * (workload.surge().happens() ? 2 : 1);
  }

  /** About how many requests they have in all. */
  public double requests() {
    double perSecond = workload.traffic().stream().mapToDouble(Traffic::perSecond).sum();
    double loads = plan.runs().stream().mapToDouble(PolicyRun::rateScale).sum();
    return perSecond * workload.seconds() * loads;
  }

  /**
   * Plays all of it and tells what came of it.
   *
   * @param jobs runs at a time
   * @param wallClock nanoseconds of real time
   */
  public String play(int jobs, Progress progress, LongSupplier wallClock) throws IOException {
    Experiment.Playing playing = new Experiment.Playing(jobs, null, false, progress);
    List<TrialResult> results =
        new Experiment(setting, workload, wallClock).play(plan.runs(), playing);
    List<TrialResult> calm =
        workload.surge().happens()
            ? new Experiment(setting, workload.calm(), wallClock).play(plan.runs(), playing)
            : List.of();
    return new ScenarioReport(this, results, calm).render();
  }

  Heading heading() {
    return heading;
  }

  SyntheticWorkload workload() {
    return workload;
  }

  Plan plan() {
    return plan;
  }

  @Nullable EnergySweep sweep() {
    return sweep;
  }

  /** Profiles of those who serve what is asked for, in the order of the fleet. */
  List<String> profiles() {
    List<String> models =
        workload.traffic().stream().map(each -> each.demand().model()).distinct().toList();
    return setting.fleet().deployments().stream()
        .map(Deployment::identity)
        .filter(identity -> models.contains(identity.model()))
        .map(Deployment.Identity::profile)
        .distinct()
        .toList();
  }

  @Override
  public String toString() {
    return "Scenario[" + heading.name() + "]";
  }
}
