package dev.sluice.loadtest.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** How far the gateway's forecasts were off, over the completed requests that carry one. */
final class ForecastError {
  private final List<RequestResult> forecasted;

  ForecastError(List<RequestResult> results) {
    forecasted = results.stream().filter(r -> r.completed() && r.forecast() != null).toList();
  }

  int requests() {
    return forecasted.size();
  }

  /** Median of |ln(measured ÷ forecast)| of the time to first token. */
  OptionalDouble ttft() {
    return median(comparisons(RequestResult::ttftFromSentNanos, Forecast::ttftNanos));
  }

  /** Median of |ln(measured ÷ forecast)| of the time per output token. */
  OptionalDouble tpot() {
    return median(comparisons(RequestResult::tpotNanos, Forecast::tpotNanos));
  }

  /**
   * Share whose time to first token stayed within what was said for nine of ten; empty: nothing was
   * said.
   */
  OptionalDouble ttftCoverage() {
    return coverage(comparisons(RequestResult::ttftFromSentNanos, Forecast::ttftP90Nanos));
  }

  /** The same of the time per output token. */
  OptionalDouble tpotCoverage() {
    return coverage(comparisons(RequestResult::tpotNanos, Forecast::tpotP90Nanos));
  }

  /** Mean probability of keeping the budget, as forecast. */
  OptionalDouble probability() {
    return forecasted.stream().mapToDouble(r -> forecastOf(r).probability()).average();
  }

  /** Share of the same requests that kept their budget. */
  OptionalDouble shareWithinBudget() {
    return forecasted.stream().mapToDouble(r -> r.attained() ? 1 : 0).average();
  }

  /** One line of how far they were off; a dash for what is not known. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "forecasts of %s answers: median error %s to the first token, %s per token; nine in ten"
            + " said: %s to the first token, %s per token; budget kept by %s, said: %s",
        Figures.count(requests()),
        factor(ttft()),
        factor(tpot()),
        percent(ttftCoverage()),
        percent(tpotCoverage()),
        percent(shareWithinBudget()),
        percent(probability()));
  }

  private static String factor(OptionalDouble error) {
    return error.isEmpty()
        ? "–"
        : String.format(Locale.ROOT, "×%.2f", Math.exp(error.getAsDouble()));
  }

  private static String percent(OptionalDouble share) {
    return share.isEmpty() ? "–" : Figures.percent(share.getAsDouble());
  }

  /** What was measured of a request, and what was said of it; both have a value. */
  private record Comparison(long measuredNanos, long saidNanos) {

    double error() {
      return Math.abs(Math.log((double) measuredNanos / saidNanos));
    }
  }

  private Stream<Comparison> comparisons(
      ToLongFunction<RequestResult> measured, ToLongFunction<Forecast> said) {
    return forecasted.stream()
        .map(r -> new Comparison(measured.applyAsLong(r), said.applyAsLong(forecastOf(r))))
        .filter(each -> each.measuredNanos > 0 && each.saidNanos > 0);
  }

  private static OptionalDouble median(Stream<Comparison> comparisons) {
    double[] errors = comparisons.mapToDouble(Comparison::error).toArray();
    Arrays.sort(errors);
    return errors.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(errors[(errors.length - 1) / 2]);
  }

  private static OptionalDouble coverage(Stream<Comparison> comparisons) {
    return comparisons.mapToDouble(each -> each.measuredNanos <= each.saidNanos ? 1 : 0).average();
  }

  private static Forecast forecastOf(RequestResult result) {
    return Objects.requireNonNull(result.forecast());
  }
}
