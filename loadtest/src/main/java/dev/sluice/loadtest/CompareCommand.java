package dev.sluice.loadtest;

import dev.sluice.loadtest.report.compare.Comparison;
import dev.sluice.loadtest.report.compare.Metric;
import dev.sluice.loadtest.report.compare.ReportException;
import dev.sluice.loadtest.report.compare.ReportFile;
import dev.sluice.loadtest.report.compare.Selection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice-load compare}: two reports, their differences with intervals, and a verdict. */
@Command(
    name = "compare",
    description = "Compares two reports, live or simulated; A is the baseline.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true,
    exitCodeOnInvalidInput = ExitCodes.ERROR,
    exitCodeOnExecutionException = ExitCodes.ERROR,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:B is better, or it cannot be told",
      "1:internal or usage error",
      "5:B is worse, or with --within too far away"
    })
final class CompareCommand implements Callable<Integer> {
  @Mixin private Invocation invocation = new Invocation();

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "A report.json or its folder.",
      showDefaultValue = Visibility.NEVER)
  private Path first = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "B",
      description = "A report.json or its folder.",
      showDefaultValue = Visibility.NEVER)
  private Path second = Path.of("");

  @Option(
      names = "--metric",
      paramLabel = "NAME",
      description =
          "What decides: attainment, goodput, ttft_p50, ttft_p99, tpot_p50, tpot_p99 or cost.")
  private String metric = "attainment";

  @Option(
      names = "--within",
      paramLabel = "P%",
      description = "Judge by whether p50 and p99 of TTFT and TPOT differ by at most this.")
  private @Nullable String within;

  @Option(names = "--policy", paramLabel = "NAME", description = "The policy of both.")
  private @Nullable String policy;

  @Option(names = "--policy-a", paramLabel = "NAME", description = "The policy of A.")
  private @Nullable String firstPolicy;

  @Option(names = "--policy-b", paramLabel = "NAME", description = "The policy of B.")
  private @Nullable String secondPolicy;

  @Option(
      names = "--rate-scale",
      paramLabel = "X",
      description = "The load, in multiples of the trace's own rate.")
  private @Nullable Double rateScale;

  @Override
  public Integer call() throws IOException, ReportException {
    Comparison.Question question = invocation.checked(this::question);
    Comparison comparison =
        Comparison.of(ReportFile.read(first), ReportFile.read(second), question);
    invocation.out().print(comparison.render());
    invocation.out().flush();
    return comparison.worse() ? ExitCodes.WORSE : ExitCodes.PASSED;
  }

  private Comparison.Question question() {
    Selection selection =
        new Selection(
            Optional.ofNullable(firstPolicy == null ? policy : firstPolicy),
            Optional.ofNullable(secondPolicy == null ? policy : secondPolicy),
            rateScale == null ? OptionalDouble.empty() : OptionalDouble.of(rateScale));
    return new Comparison.Question(Metric.parse(metric), selection, share(within));
  }

  /** Reads {@code 5%} or {@code 0.05}. */
  private static OptionalDouble share(@Nullable String text) {
    if (text == null) {
      return OptionalDouble.empty();
    }
    boolean percent = text.endsWith("%");
    try {
      double number =
          Double.parseDouble(percent ? text.substring(0, text.length() - 1).strip() : text);
      return OptionalDouble.of(percent ? number / 100 : number);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("within: " + text + " (expected: 5% or 0.05)");
    }
  }
}
