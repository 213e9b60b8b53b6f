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
import dev.sluice.loadtest.workload.TraceOptions;
import dev.sluice.loadtest.workload.TraceSource;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
  @Mixin private Invocation invocation = new Invocation();

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

  @Mixin private TraceFiles trace = new TraceFiles();

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Mean requests a second; default: the trace's own timing.")
  private double rate;

  @Option(
      names = "--rate-scale",
      paramLabel = "X",
      description = "Load in multiples of the trace's own rate, as simulate has it.",
      showDefaultValue = CommandLine.Help.Visibility.NEVER)
  private @Nullable Double rateScale;

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

  @Mixin private ClassBudgets classBudgets = new ClassBudgets();

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
    ClassMix mix = invocation.checked(this::mix);
    LiveSettings settings = invocation.checked(this::settings);
    Trace source = source();
    if (source != null) {
      invocation.describe(source.summary());
    }
    Schedule schedule = invocation.checked(() -> schedule(new ScheduleBuilder(mix, seed), source));
    RunContext context = context(save(schedule), source);
    LiveRun live = new LiveRun(settings, context);
    RunResult result =
        plan == null
            ? live.play(schedule, mix, System.err)
            : playWithFaults(live, schedule, mix, plan, ownGateway);
    RunReport report = new RunReport(result);
    ReportWriter.write(report, out);
    invocation.out().print(TextReport.render(report));
    invocation.out().println("report: " + out.resolve("report.html"));
    invocation.out().flush();
    return ExitCodes.of(report, requiredAttainment, requireIntact);
  }

  private String targetOf(@Nullable FaultPlan plan) {
    if (plan == null) {
      throw invocation.usage("target: none (expected: --target or --faults)");
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

  private ClassMix mix() {
    Map<String, Budget> budgets = new LinkedHashMap<>();
    classBudgets.putInto(budgets);
    return ClassMix.parse(classes, budgets);
  }

  private @Nullable Trace source() throws IOException {
    if (rateScale != null && (rate != 0 || trace.files().isEmpty())) {
      throw invocation.usage(
          "rate-scale: " + rateScale + " (expected: with --trace, without --rate)");
    }
    if (trace.files().isEmpty()) {
      return null;
    }
    TraceOptions options = invocation.checked(() -> trace.options(seed));
    TraceSource own = new TraceSource(trace.files(), options);
    return Trace.read(invocation.checked(() -> own.scaledBy(rateScale == null ? 1 : rateScale)));
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
    String command = "sluice-load " + String.join(" ", invocation.arguments().originalArgs());
    return new RunContext("live", command, target, model, seed, scheduleSha256, use);
  }
}
