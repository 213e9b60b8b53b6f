package dev.sluice.loadtest;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.gateway.config.ConfigProblem;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.gateway.core.policy.Policies;
import dev.sluice.loadtest.report.PolicyRun;
import dev.sluice.loadtest.report.SimulatedReport;
import dev.sluice.loadtest.report.SimulatedReportWriter;
import dev.sluice.loadtest.report.SimulatedTextReport;
import dev.sluice.loadtest.report.SimulatedTrace;
import dev.sluice.loadtest.simulate.Disclosure;
import dev.sluice.loadtest.simulate.Experiment;
import dev.sluice.loadtest.simulate.ModelMix;
import dev.sluice.loadtest.simulate.TraceWorkload;
import dev.sluice.loadtest.simulate.TrialResult;
import dev.sluice.loadtest.workload.Budget;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Spans;
import dev.sluice.loadtest.workload.TraceOptions;
import dev.sluice.loadtest.workload.TraceSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice-load simulate}: policies tried on a trace in virtual time. */
@Command(
    name = "simulate",
    description = "Tries policies on a trace in virtual time, with the gateway's own core.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    exitCodeOnInvalidInput = ExitCodes.ERROR,
    exitCodeOnExecutionException = ExitCodes.ERROR)
final class SimulateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The gateway's configuration; default: the shipped fleet.")
  private @Nullable Path config;

  @Option(
      names = "--trace",
      required = true,
      split = ",",
      paramLabel = "FILE",
      description = "A trace of any published format; several files are parts of one.")
  private List<Path> trace = List.of();

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

  @Option(
      names = "--class-budget",
      paramLabel = "NAME=ttft:T,tpot:T,total:T",
      description = "Budget of a class, in place of the configuration's; repeatable.")
  private List<String> classBudgets = List.of();

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

  @Option(names = "--seed", split = ",", paramLabel = "N", description = "A run for each.")
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
      names = "--arrival-rate",
      paramLabel = "R",
      description = "Requests a second of a trace that has lengths alone.")
  private double arrivalRate;

  @Option(
      names = "--conversation-rate",
      paramLabel = "R",
      description = "Conversations a second that begin in a trace without their start times.")
  private double conversationRate = TraceOptions.DEFAULT_CONVERSATION_RATE;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "For the report, and a file of requests for each run.")
  private @Nullable Path out;

  @Option(names = "--jobs", paramLabel = "N", description = "Runs at a time.")
  private int jobs = 1;

  @Override
  public Integer call() throws IOException {
    GatewayConfig loaded = load();
    if (loaded == null) {
      return ExitCodes.ERROR;
    }
    TraceWorkload workload = checked(() -> workload(loaded));
    List<PolicyRun> runs = checked(() -> runs(loaded));
    Experiment experiment =
        checked(() -> Experiment.of(loaded, workload, disclosure(), System::nanoTime));
    TraceSummary summary = workload.summary();
    console().println(summary.describe());
    summary.rows().drops().forEach(drop -> console().println("dropped " + drop));
    SimulatedTrace described = workload.description(summary);
    tell(described, play(experiment, runs));
    return ExitCodes.PASSED;
  }

  private List<TrialResult> play(Experiment experiment, List<PolicyRun> runs) throws IOException {
    if (out != null) {
      Files.createDirectories(out);
    }
    try (ProgressLine progress = ProgressLine.open(runs.size())) {
      return experiment.play(runs, checked(() -> new Experiment.Playing(jobs, out, progress)));
    }
  }

  private void tell(SimulatedTrace described, List<TrialResult> results) throws IOException {
    SimulatedReport report =
        new SimulatedReport(
            described, results.stream().map(TrialResult::result).toList(), List.of());
    console().print(SimulatedTextReport.render(report));
    for (TrialResult result : results) {
      result.notes().forEach(console()::println);
    }
    if (out != null) {
      SimulatedReportWriter.write(out, report);
      console().println("report: " + out.resolve("report.html"));
    }
    console().flush();
  }

  private @Nullable GatewayConfig load() {
    ConfigLoader.Result result =
        config == null ? ConfigLoader.shipped() : ConfigLoader.load(config);
    return switch (result) {
      case ConfigLoader.Loaded(GatewayConfig loaded) -> loaded;
      case ConfigLoader.Faulty(List<ConfigProblem> problems) -> {
        PrintWriter err = commandSpec().commandLine().getErr();
        problems.forEach(problem -> err.println(problem.toString()));
        yield null;
      }
    };
  }

  private TraceWorkload workload(GatewayConfig loaded) {
    TraceOptions options =
        TraceOptions.seeded(seeds.getFirst())
            .withArrivalRate(arrivalRate)
            .withConversationRate(conversationRate)
            .withContextTokens(loaded.models().getFirst().contextTokens());
    return new TraceWorkload(trace, options, mix(loaded), modelMix(loaded));
  }

  private ClassMix mix(GatewayConfig loaded) {
    Map<String, Budget> budgets = ConfiguredClasses.budgets(loaded);
    for (String entry : classBudgets) {
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "class-budget: " + entry + " (expected: NAME=ttft:500ms,tpot:10ms)");
      }
      budgets.put(entry.substring(0, equals), Budget.parse(entry.substring(equals + 1)));
    }
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
    for (ModelMix.Share share : mix.shares()) {
      checkKnown("model", share.model(), known);
    }
    return mix;
  }

  private static void checkKnown(String what, String name, List<String> known) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          what + ": " + name + " does not exist" + ConfigLoader.suggestion(name, known));
    }
  }

  private Disclosure disclosure() {
    boolean reporting = !reports.equals("off");
    return new Disclosure(
        hints,
        limit(),
        reporting,
        reporting ? Spans.parseNanos("reports", reports) : Disclosure.DEFAULT_REPORT_DELAY_NANOS);
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

  private List<PolicyRun> runs(GatewayConfig loaded) {
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

  private <T> T checked(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandSpec().commandLine(), "error: " + e.getMessage(), e);
    }
  }

  private PrintWriter console() {
    return commandSpec().commandLine().getOut();
  }

  private CommandSpec commandSpec() {
    if (spec == null) {
      throw new IllegalStateException("command outside picocli");
    }
    return spec;
  }
}
