package dev.sluice.loadtest;

import dev.sluice.loadtest.live.LiveRun;
import dev.sluice.loadtest.live.LiveSettings;
import dev.sluice.loadtest.live.TargetUnreachableException;
import dev.sluice.loadtest.live.fault.FaultPlan;
import dev.sluice.loadtest.live.fault.FaultPlanReader;
import dev.sluice.loadtest.live.fault.FaultRun;
import dev.sluice.loadtest.live.fault.PlanException;
import dev.sluice.loadtest.report.ReportWriter;
import dev.sluice.loadtest.report.RunContext;
import dev.sluice.loadtest.report.RunReport;
import dev.sluice.loadtest.report.RunResult;
import dev.sluice.loadtest.report.TextReport;
import dev.sluice.loadtest.workload.ArrivalProcess;
import dev.sluice.loadtest.workload.Budget;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.loadtest.workload.Spans;
import dev.sluice.loadtest.workload.Trace;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice-load run}: one live run, its report and its verdict. */
@Command(
    name = "run",
    description = "Replays a trace or draws arrivals, live, in an open loop.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    exitCodeOnInvalidInput = ExitCodes.ERROR,
    exitCodeOnExecutionException = ExitCodes.ERROR,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:passed",
      "1:internal or usage error",
      "2:required attainment missed, or a fault cost something with --require-intact",
      "3:run invalid",
      "4:undecided, too few requests"
    })
final class RunCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--target",
      paramLabel = "HOST:PORT",
      description = "The gateway; with --faults one is started if none is named.",
      showDefaultValue = CommandLine.Help.Visibility.NEVER)
  private String target = "";

  @Option(
      names = "--faults",
      paramLabel = "PLAN",
      description = "Starts the accelerators of a plan and breaks them as it says.")
  private @Nullable Path faults;

  @Option(names = "--trace", paramLabel = "FILE", description = "Azure, Mooncake or ServeGen.")
  private @Nullable Path trace;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Mean requests a second; default: the trace's own timing.")
  private double rate;

  @Option(names = "--duration", paramLabel = "D", description = "Length, as 30s or 5m.")
  private String duration = "";

  @Option(
      names = "--arrival",
      paramLabel = "PROCESS",
      description = "Without a trace: poisson, constant or gamma:CV.")
  private String arrival = "poisson";

  @Option(
      names = "--classes",
      required = true,
      paramLabel = "NAME=WEIGHT,…",
      description = "Shares of the service classes.")
  private String classes = "";

  @Option(
      names = "--class-budget",
      paramLabel = "NAME=ttft:T,tpot:T,total:T",
      description = "Budget of a class, in place of the built-in one; repeatable.")
  private List<String> classBudgets = List.of();

  @Option(names = "--model", paramLabel = "NAME")
  private String model = "llama-3.3-70b";

  @Option(names = "--seed", paramLabel = "N")
  private long seed = 1;

  @Option(names = "--connections", paramLabel = "N")
  private int connections = 4;

  @Option(
      names = "--warmup",
      paramLabel = "D",
      description = "Small requests before the measured part; 0: none.")
  private String warmUp = "2s";

  @Option(
      names = "--max-in-flight",
      paramLabel = "N",
      description = "Requests above it are not sent and count as misses.")
  private int maxInFlight = 10_000;

  @Option(
      names = "--drain",
      paramLabel = "D",
      description = "How long the last answers are awaited.")
  private String drain = "2m";

  @Option(
      names = "--flag-pauses",
      description = "Flag requests that a client pause touched instead of calling the run invalid.")
  private boolean flagPauses;

  @Option(names = "--require-attainment", paramLabel = "X", description = "Exit 2 below it.")
  private double requiredAttainment;

  @Option(
      names = "--require-intact",
      description = "Exit 2 when a fault cost a stream or a token, or the three books differ.")
  private boolean requireIntact;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "For the report.")
  private Path out = Path.of("");

  @Override
  public Integer call()
      throws IOException, InterruptedException, TargetUnreachableException, PlanException {
    FaultPlan plan = faults == null ? null : FaultPlanReader.read(faults);
    boolean ownGateway = target.isEmpty();
    if (ownGateway) {
      target = targetOf(plan);
    }
    ClassMix mix = checked(() -> ClassMix.parse(classes, budgets()));
    LiveSettings settings = checked(this::settings);
    Trace source = trace == null ? null : Trace.read(trace, seed);
    if (source != null) {
      console().println(source.summary().describe());
      source.summary().rows().drops().forEach(drop -> console().println("dropped " + drop));
    }
    Schedule schedule = checked(() -> schedule(new ScheduleBuilder(mix, seed), source));
    RunContext context = context(save(schedule), source);
    LiveRun live = new LiveRun(settings, context);
    RunResult result =
        plan == null
            ? live.play(schedule, mix, System.err)
            : playWithFaults(live, schedule, mix, plan, ownGateway);
    RunReport report = new RunReport(result);
    ReportWriter.write(report, out);
    console().print(TextReport.render(report));
    console().println("report: " + out.resolve("report.html"));
    console().flush();
    return ExitCodes.of(report, requiredAttainment, requireIntact);
  }

  private String targetOf(@Nullable FaultPlan plan) {
    if (plan == null) {
      throw new ParameterException(
          commandSpec().commandLine(), "error: target: none (expected: --target or --faults)");
    }
    return plan.gateway().grpc();
  }

  private RunResult playWithFaults(
      LiveRun live, Schedule schedule, ClassMix mix, FaultPlan plan, boolean ownGateway)
      throws IOException, InterruptedException, TargetUnreachableException {
    try (FaultRun run =
        FaultRun.start(plan, model, mix.classes(), out.resolve("processes"), ownGateway)) {
      return live.play(schedule, mix, System.err, run).with(run.observation());
    }
  }

  private LiveSettings settings() {
    if (!(requiredAttainment >= 0 && requiredAttainment <= 1)) {
      throw new IllegalArgumentException(
          "require-attainment: " + requiredAttainment + " (expected: 0 … 1)");
    }
    return new LiveSettings(
        target,
        model,
        connections,
        maxInFlight,
        warmUp.equals("0") || warmUp.equals("0s") ? 0 : Spans.parseNanos("warmup", warmUp),
        Spans.parseNanos("drain", drain),
        flagPauses);
  }

  private Map<String, Budget> budgets() {
    Map<String, Budget> budgets = new LinkedHashMap<>();
    for (String entry : classBudgets) {
      int equals = entry.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "class-budget: " + entry + " (expected: NAME=ttft:500ms,tpot:10ms)");
      }
      budgets.put(entry.substring(0, equals), Budget.parse(entry.substring(equals + 1)));
    }
    return budgets;
  }

  private Schedule schedule(ScheduleBuilder builder, @Nullable Trace source) {
    OptionalLong length =
        duration.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(Spans.parseNanos("duration", duration));
    if (rate < 0 || Double.isNaN(rate)) {
      throw new IllegalArgumentException("rate: " + rate + " (expected: above 0)");
    }
    if (source != null) {
      return builder.fromTrace(
          source, rate == 0 ? OptionalDouble.empty() : OptionalDouble.of(rate), length);
    }
    if (rate == 0 || length.isEmpty()) {
      throw new IllegalArgumentException(
          "trace: none (expected: --trace, or --rate and --duration)");
    }
    return builder.synthetic(ArrivalProcess.parse(arrival), rate, length.getAsLong());
  }

  /** Saves the schedule before anything is sent and returns its checksum. */
  private String save(Schedule schedule) throws IOException {
    Files.createDirectories(out);
    try (OutputStream file = Files.newOutputStream(out.resolve("schedule.csv"))) {
      return schedule.writeCsv(new BufferedOutputStream(file, 1 << 16));
    }
  }

  private RunContext context(String scheduleSha256, @Nullable Trace source) {
    RunContext.TraceUse use =
        source == null
            ? null
            : new RunContext.TraceUse(
                source.file(),
                source.sha256(),
                source.rows().size(),
                source.summary().spanSeconds(),
                source.summary().rows().read(),
                source.summary().rows().dropped());
    String command =
        "sluice-load "
            + String.join(" ", commandSpec().commandLine().getParseResult().originalArgs());
    return new RunContext("live", command, target, model, seed, scheduleSha256, use);
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
