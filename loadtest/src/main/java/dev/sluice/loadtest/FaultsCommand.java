package dev.sluice.loadtest;

import dev.sluice.loadtest.simulate.fault.FaultSeeds;
import dev.sluice.loadtest.simulate.fault.SeedResult;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice-load faults}: whether the gateway keeps its promises whatever breaks. */
@Command(
    name = "faults",
    description =
        "Plays random fleets, traffic and faults in virtual time through the gateway's own core,"
            + " token by token, and holds the books of callers, gateway and backends against each"
            + " other.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    exitCodeOnInvalidInput = ExitCodes.ERROR,
    exitCodeOnExecutionException = ExitCodes.ERROR,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every promise was kept",
      "1:internal or usage error",
      "6:a promise was broken"
    })
final class FaultsCommand implements Callable<Integer> {

  /** Violations that are told; of more only the number is. */
  private static final int MOST_TOLD = 20;

  /** Mean number of requests of a seed, for the progress line alone. */
  private static final double REQUESTS_OF_SEED = 72;

  @Mixin private Invocation invocation = new Invocation();

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
    FaultSeeds.Range range = invocation.checked(() -> FaultSeeds.Range.parse(seeds));
    if (!(minutes >= 0)) {
      throw invocation.usage("minutes: " + minutes + " (expected: >= 0)");
    }
    if (log && range.size() > 1) {
      throw invocation.usage("log: of " + seeds + " (expected: one seed, as --seeds 17..17)");
    }
    long beginNanos = System.nanoTime();
    FaultSeeds played =
        log ? FaultSeeds.tell(range.first(), invocation.out()::println) : play(range, beginNanos);
    played.summary(System.nanoTime() - beginNanos).forEach(invocation.out()::println);
    played.violations().stream().limit(MOST_TOLD).forEach(this::tell);
    invocation.out().flush();
    return played.isGreen() ? ExitCodes.PASSED : ExitCodes.VIOLATED;
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
    invocation
        .out()
        .printf(
            "VIOLATION in seed %d %s%n  again, with its log: sluice-load faults --seeds %d..%d"
                + " --log%n",
            result.seed(), result.violation(), result.seed(), result.seed());
  }
}
