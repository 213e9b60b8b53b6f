package dev.sluice.loadtest;

import dev.sluice.loadtest.simulate.fault.FaultSeeds;
import dev.sluice.loadtest.simulate.fault.SeedResult;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice-load faults}: whether the gateway keeps its promises whatever breaks. */
@Command(
    name = "faults",
    description =
        "Plays random fleets, traffic and faults in virtual time through the gateway's own core,"
            + " token by token, and holds the books of callers, gateway and backends against each"
            + " other. Exit code 6 when a promise was broken.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    exitCodeOnInvalidInput = ExitCodes.ERROR,
    exitCodeOnExecutionException = ExitCodes.ERROR)
final class FaultsCommand implements Callable<Integer> {

  /** Violations that are told; of more only the number is. */
  private static final int MOST_TOLD = 20;

  /** Mean number of requests of a seed, for the progress line alone. */
  private static final double REQUESTS_OF_SEED = 72;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--seeds",
      paramLabel = "A..B",
      description = "Which seeds; each is one run and always the same.")
  private String seeds = "1..2000";

  @Option(names = "--minutes", paramLabel = "N", description = "Stop after so long; 0: never.")
  private double minutes;

  @Option(names = "--log", description = "Tell every event; for one seed, as --seeds 17..17.")
  private boolean log;

  @Override
  public Integer call() {
    FaultSeeds.Range range = range();
    if (!(minutes >= 0)) {
      throw usage("minutes: " + minutes + " (expected: >= 0)");
    }
    if (log && range.size() > 1) {
      throw usage("log: of " + seeds + " (expected: one seed, as --seeds 17..17)");
    }
    long beginNanos = System.nanoTime();
    FaultSeeds played =
        log ? FaultSeeds.tell(range.first(), console()::println) : play(range, beginNanos);
    played.summary(System.nanoTime() - beginNanos).forEach(console()::println);
    played.violations().stream().limit(MOST_TOLD).forEach(this::tell);
    console().flush();
    return played.isGreen() ? ExitCodes.PASSED : ExitCodes.VIOLATED;
  }

  private FaultSeeds.Range range() {
    try {
      return FaultSeeds.Range.parse(seeds);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private FaultSeeds play(FaultSeeds.Range range, long beginNanos) {
    long lengthNanos = (long) (minutes * TimeUnit.MINUTES.toNanos(1));
    BooleanSupplier goesOn =
        lengthNanos == 0 ? () -> true : () -> System.nanoTime() - beginNanos < lengthNanos;
    int runs = (int) Math.min(Integer.MAX_VALUE, range.size());
    try (ProgressLine progress = ProgressLine.open(runs, runs * REQUESTS_OF_SEED)) {
      return FaultSeeds.play(range, goesOn, progress);
    }
  }

  private void tell(SeedResult result) {
    console()
        .printf(
            "VIOLATION in seed %d %s%n  again, with its log: sluice-load faults --seeds %d..%d"
                + " --log%n",
            result.seed(), result.violation(), result.seed(), result.seed());
  }

  private ParameterException usage(@Nullable String message) {
    return new ParameterException(commandSpec().commandLine(), "error: " + message);
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
