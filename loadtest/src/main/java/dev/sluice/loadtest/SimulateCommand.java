package dev.sluice.loadtest;

import dev.sluice.gateway.config.ConfigLoader;
import dev.sluice.gateway.config.ConfigProblem;
import dev.sluice.gateway.config.GatewayConfig;
import dev.sluice.loadtest.report.BoundBracket;
import dev.sluice.loadtest.report.PolicyRun;
import dev.sluice.loadtest.report.SimulatedReport;
import dev.sluice.loadtest.report.SimulatedReportWriter;
import dev.sluice.loadtest.report.SimulatedTextReport;
import dev.sluice.loadtest.report.SimulatedTrace;
import dev.sluice.loadtest.simulate.Experiment;
import dev.sluice.loadtest.simulate.Scenario;
import dev.sluice.loadtest.simulate.TraceWorkload;
import dev.sluice.loadtest.simulate.TrialResult;
import dev.sluice.loadtest.workload.TraceSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code sluice-load simulate}: policies tried in virtual time, on a trace or in a scenario. */
@Command(
    name = "simulate",
    description =
        "Tries policies in virtual time, with the gateway's own core and emulated accelerators.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    exitCodeOnInvalidInput = ExitCodes.ERROR,
    exitCodeOnExecutionException = ExitCodes.ERROR)
final class SimulateCommand implements Callable<Integer> {
  private static final List<String> ASIDE_FROM_TRACE = List.of("--scenario", "--jobs");

  @Mixin private Invocation invocation = new Invocation();

  @Option(
      names = "--scenario",
      paramLabel = "NAME|FILE",
      description =
          "A situation with a fleet, traffic and policies of its own, in place of a trace.")
  private String scenario = "";

  @Mixin private TraceArguments trace = new TraceArguments();

  @Option(names = "--jobs", paramLabel = "N", description = "Runs at a time.")
  private int jobs = 1;

  @Override
  public Integer call() throws IOException {
    return scenario.isEmpty() ? playTrace() : playScenario();
  }

  private int playScenario() throws IOException {
    for (OptionSpec option : invocation.arguments().matchedOptions()) {
      if (!ASIDE_FROM_TRACE.contains(option.longestName())) {
        throw invocation.usage(
            "scenario: " + scenario + " (expected: without " + option.longestName() + ")");
      }
    }
    Scenario read = scenario(scenario);
    try (ProgressLine progress = ProgressLine.open(read.runs(), read.requests())) {
      invocation.out().print(read.play(jobs, progress, System::nanoTime));
    }
    invocation.out().flush();
    return ExitCodes.PASSED;
  }

  /** The shipped scenario of this name, or else the one in the file of this name. */
  private Scenario scenario(String name) throws IOException {
    if (Scenario.names().contains(name)) {
      return Scenario.named(name);
    }
    Path file = Path.of(name);
    if (!Files.isRegularFile(file)) {
      throw invocation.usage(
          "scenario: no file and no name: "
              + name
              + ConfigLoader.suggestion(name, Scenario.names()));
    }
    try {
      return Scenario.in(file);
    } catch (IllegalArgumentException e) {
      throw invocation.usage(file + ": " + e.getMessage());
    }
  }

  private int playTrace() throws IOException {
    if (trace.files().isEmpty()) {
      throw invocation.usage("trace: none (expected: --trace or --scenario)");
    }
    GatewayConfig config = load(trace.config());
    if (config == null) {
      return ExitCodes.ERROR;
    }
    TraceWorkload workload = invocation.checked(() -> trace.workload(config));
    List<PolicyRun> runs = invocation.checked(() -> trace.runs(config));
    Experiment experiment =
        invocation.checked(
            () -> Experiment.of(config, workload, trace.disclosure(), System::nanoTime));
    if (trace.bound()) {
      invocation.checked(
          () -> {
            experiment.checkBoundable();
            return true;
          });
    }
    TraceSummary summary = summary(workload);
    invocation.describe(summary);
    tell(play(experiment, runs, workload.description(summary)));
    return ExitCodes.PASSED;
  }

  private TraceSummary summary(TraceWorkload workload) throws IOException {
    try {
      return workload.summary();
    } catch (IllegalArgumentException e) {
      throw invocation.usage(e.getMessage());
    }
  }

  /** What came of all runs. */
  private record Played(
      SimulatedTrace trace, List<TrialResult> results, List<BoundBracket> bounds) {}

  private Played play(Experiment experiment, List<PolicyRun> runs, SimulatedTrace described)
      throws IOException {
    Path out = trace.out();
    if (out != null) {
      Files.createDirectories(out);
    }
    double scales = runs.stream().mapToDouble(PolicyRun::rateScale).sum();
    try (ProgressLine progress = ProgressLine.open(runs.size(), described.requests() * scales)) {
      Experiment.Playing playing =
          invocation.checked(
              () -> new Experiment.Playing(jobs, trace.outcomes(), trace.bound(), progress));
      List<TrialResult> results = experiment.play(runs, playing);
      return new Played(
          described, results, trace.bound() ? experiment.bounds(results, progress) : List.of());
    }
  }

  private @Nullable GatewayConfig load(@Nullable Path file) {
    ConfigLoader.Result result = file == null ? ConfigLoader.shipped() : ConfigLoader.load(file);
    return switch (result) {
      case ConfigLoader.Loaded(GatewayConfig config) -> config;
      case ConfigLoader.Faulty(List<ConfigProblem> problems) -> {
        PrintWriter err = invocation.err();
        problems.forEach(problem -> err.println(problem.toString()));
        yield null;
      }
    };
  }

  private void tell(Played played) throws IOException {
    SimulatedReport report =
        new SimulatedReport(
            played.trace(),
            played.results().stream().map(TrialResult::result).toList(),
            played.bounds());
    invocation.out().print(SimulatedTextReport.render(report));
    for (TrialResult result : played.results()) {
      result.notes().forEach(invocation.out()::println);
    }
    Path out = trace.out();
    if (out != null) {
      SimulatedReportWriter.write(out, report);
      invocation.out().println("report: " + out.resolve("report.html"));
    }
    invocation.out().flush();
  }
}
