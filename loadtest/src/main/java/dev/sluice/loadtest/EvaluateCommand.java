package dev.sluice.loadtest;

import dev.sluice.loadtest.simulate.evaluation.Evaluation;
import dev.sluice.loadtest.workload.ClassMix;
import dev.sluice.loadtest.workload.Schedule;
import dev.sluice.loadtest.workload.ScheduleBuilder;
import dev.sluice.loadtest.workload.Spans;
import dev.sluice.loadtest.workload.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice-load evaluate}: how far the gateway's forecasts can be believed. */
@Command(
    name = "evaluate",
    description =
        "Scores the gateway's forecasts on traces, in virtual time, on fleets that are not what"
            + " their data sheets say.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    exitCodeOnInvalidInput = ExitCodes.ERROR,
    exitCodeOnExecutionException = ExitCodes.ERROR)
final class EvaluateCommand implements Callable<Integer> {
  @Mixin private Invocation invocation = new Invocation();

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Traces: Azure, Mooncake, ServeGen.")
  private List<Path> traces = List.of();

  @Option(
      names = "--setting",
      paramLabel = "NAME",
      split = ",",
      description = "What is wrong with the fleet: a name, several, or all.")
  private List<String> settings = List.of("pilot");

  @Option(
      names = "--load",
      paramLabel = "X",
      description = "Part of the slowest backend's time that is asked for; sets the rate.")
  private double load = 0.5;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Requests a second in place of --load; 0: the trace's own timing.")
  private @Nullable Double rate;

  @Option(names = "--duration", paramLabel = "D", description = "Where to cut, as 10m.")
  private String duration = "";

  @Option(
      names = "--router",
      paramLabel = "NAME",
      description = "Who sends: random, or a policy of the gateway.")
  private String router = "random";

  @Option(names = "--seed", paramLabel = "N")
  private long seed = 1;

  @Option(names = "--out", paramLabel = "DIR", description = "For scores.csv and reliability.csv.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    StringBuilder scores = new StringBuilder(Evaluation.SCORES_HEADER);
    StringBuilder reliability = new StringBuilder(Evaluation.RELIABILITY_HEADER);
    for (Path file : traces) {
      Trace trace = Trace.read(file, seed);
      Schedule schedule = invocation.checked(() -> schedule(trace));
      for (String setting : settings.equals(List.of("all")) ? Evaluation.settings() : settings) {
        Evaluation.Result result =
            invocation.checked(
                () ->
                    Evaluation.run(
                        new Evaluation.Question(trace.file(), setting, router, seed), schedule));
        invocation.out().println(result.text());
        scores.append(result.scores());
        reliability.append(result.reliability());
      }
    }
    if (out != null) {
      Files.createDirectories(out);
      Files.writeString(out.resolve("scores.csv"), scores);
      Files.writeString(out.resolve("reliability.csv"), reliability);
    }
    invocation.out().flush();
    return ExitCodes.PASSED;
  }

  private Schedule schedule(Trace trace) {
    OptionalLong length =
        duration.isEmpty()
            ? OptionalLong.empty()
            : OptionalLong.of(Spans.parseNanos("duration", duration));
    double perSecond = rate == null ? Evaluation.rateAt(load, trace) : rate;
    if (!(perSecond >= 0)) {
      throw new IllegalArgumentException("rate, load: " + perSecond + " (expected: above 0)");
    }
    return new ScheduleBuilder(ClassMix.parse("interactive=1", Map.of()), seed)
        .fromTrace(
            trace, perSecond == 0 ? OptionalDouble.empty() : OptionalDouble.of(perSecond), length);
  }
}
