package dev.sluice.loadtest;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.loadtest.report.PolicyRun;
import dev.sluice.loadtest.simulate.Disclosure;
import dev.sluice.loadtest.simulate.ModelMix;
import dev.sluice.loadtest.simulate.TraceWorkload;
import dev.sluice.loadtest.workload.Budget;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Spans;
import dev.sluice.loadtest.workload.TraceOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The arguments of {@code simulate} that say what is tried on a trace. Values that make no sense
 * are told by an {@link IllegalArgumentException}.
 */
final class TraceArguments {
  @Mixin private TraceFiles trace = new TraceFiles();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The gateway's configuration; default: the shipped fleet.")
  private @Nullable Path config;

  @Option(
      names = "--rate-scale",
      split = ",",
      paramLabel = "X",
      description = "Load in multiples of the trace's own rate.")
  private List<Double> scales = List.of(1.0);

  @Option(
      names = "--policy",
      split = ",",
      paramLabel = "NAME",
      description = "Policies to try, or all; default: the configuration's own.")
  private List<String> policies = List.of();

  @Option(
      names = "--classes",
      paramLabel = "NAME=WEIGHT,…",
      description = "Shares of the configuration's service classes; default: the model's own.")
  private String classes = "";

  @Mixin private ClassBudgets classBudgets = new ClassBudgets();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Model asked for; default: the configuration's first.")
  private String model = "";

  @Option(
      names = "--models",
      paramLabel = "NAME=WEIGHT,…",
      description = "Shares of several models, in place of --model.")
  private String models = "";

  @Option(
      names = "--seed",
      split = ",",
      paramLabel = "N",
      description = "Of every draw; a run for each.")
  private List<Long> seeds = List.of(1L);

  @Option(names = "--hints", description = "Callers say how long the answer will be.")
  private boolean hints;

  @Option(
      names = "--max-output-tokens",
      paramLabel = "N",
      description = "Limit that callers set; exact: the true length; default: none.")
  private String maxOutputTokens = "";

  @Option(
      names = "--reports",
      paramLabel = "AGE",
      description = "How old load reports are when they come, below 100ms; off: there are none.")
  private String reports = "10ms";

  @Option(
      names = "--bound",
      description = "Bracket what the best schedule could have attained that knew the future.")
  private boolean bound;

  @Option(
      names = "--closed-loop",
      description =
          "Rows that follow an answer wait for its end and their thought, not for their recorded"
              + " time.")
  private boolean closedLoop;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "For the report, and the files of --outcomes.")
  private @Nullable Path out;

  @Option(
      names = "--outcomes",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "One line for each request, in a CSV file for each run.")
  private boolean outcomes;

  List<Path> files() {
    return trace.files();
  }

  @Nullable Path config() {
    return config;
  }

  boolean bound() {
    return bound;
  }

  @Nullable Path out() {
    return out;
  }

  /** Where a file of each run's requests goes; null: nowhere. */
  @Nullable Path outcomes() {
    return outcomes ? out : null;
  }

  TraceWorkload workload(GatewayConfig loaded) {
    if (closedLoop && bound) {
      throw new IllegalArgumentException(
          "closed-loop: with --bound (expected: one of them, since arrivals then depend on the"
              + " policy)");
    }
    TraceOptions options =
        trace
            .options(seeds.getFirst())
            .withContextTokens(loaded.models().getFirst().contextTokens());
    return new TraceWorkload(trace.files(), options, mix(loaded), modelMix(loaded), closedLoop);
  }

  private ClassMix mix(GatewayConfig loaded) {
    Map<String, Budget> budgets = ConfiguredClasses.budgets(loaded);
    classBudgets.putInto(budgets);
    return ConfiguredClasses.mix(classes, budgets, loaded);
  }

  private ModelMix modelMix(GatewayConfig loaded) {
    ModelMix mix =
        models.isEmpty()
            ? ModelMix.of(model.isEmpty() ? loaded.models().getFirst().name() : model)
            : ModelMix.parse(models);
    List<String> known = new ArrayList<>();
    for (GatewayConfig.Model each : loaded.models()) {
      known.add(each.name());
      known.addAll(each.aliases());
    }
    mix.shares().forEach(share -> checkKnown("model", share.model(), known));
    return mix;
  }

  private static void checkKnown(String what, String name, List<String> known) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          what + ": " + name + " does not exist" + ConfigLoader.suggestion(name, known));
    }
  }

  Disclosure disclosure() {
    return reports.equals("off")
        ? new Disclosure(hints, limit(), false, Disclosure.DEFAULT_REPORT_DELAY_NANOS)
        : new Disclosure(hints, limit(), true, Spans.parseNanos("reports", reports));
  }

  private int limit() {
    return switch (maxOutputTokens) {
      case "" -> Disclosure.UNSAID;
      case "exact" -> Disclosure.EXACT;
      default -> limit(maxOutputTokens);
    };
  }

  private static int limit(String text) {
    int tokens;
    try {
      tokens = Integer.parseInt(text);
    } catch (NumberFormatException _) {
      tokens = 0;
    }
    if (tokens < 1) {
      throw new IllegalArgumentException(
          "max-output-tokens: " + text + " (expected: a whole number above 0, or exact)");
    }
    return tokens;
  }

  /** What is to be played, in the order in which it is told. */
  List<PolicyRun> runs(GatewayConfig loaded) {
    List<PolicyRun> runs = new ArrayList<>();
    for (double scale : scales) {
      for (String policy : policies(loaded)) {
        for (long seed : seeds) {
          runs.add(new PolicyRun(policy, seed, scale));
        }
      }
    }
    return runs.stream().distinct().toList();
  }

  private List<String> policies(GatewayConfig loaded) {
    if (policies.isEmpty()) {
      return List.of(loaded.policy().name());
    }
    if (policies.equals(List.of("all"))) {
      return Policies.names();
    }
    policies.forEach(name -> checkKnown("policy", name, Policies.names()));
    return policies;
  }
}
