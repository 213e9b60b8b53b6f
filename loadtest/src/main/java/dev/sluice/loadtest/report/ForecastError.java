package dev.sluice.loadtest.report;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

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
    return median(r -> logRatio(r.ttftFromSentNanos(), forecastOf(r).ttftNanos()));
  }

  /** Median of |ln(measured ÷ forecast)| of the time per output token. */
  OptionalDouble tpot() {
    return median(r -> logRatio(r.tpotNanos(), forecastOf(r).tpotNanos()));
  }

  /** Mean probability of keeping the budget, as forecast. */
  OptionalDouble probability() {
    return forecasted.stream().mapToDouble(r -> forecastOf(r).probability()).average();
  }

  /** Share of the same requests that kept their budget. */
  OptionalDouble shareWithinBudget() {
    return forecasted.stream().mapToDouble(r -> r.attained() ? 1 : 0).average();
  }

  private OptionalDouble median(ToDoubleFunction<RequestResult> error) {
    double[] errors = forecasted.stream().mapToDouble(error).filter(e -> e >= 0).toArray();
    Arrays.sort(errors);
    return errors.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(errors[(errors.length - 1) / 2]);
  }

  private static Forecast forecastOf(RequestResult result) {
    return Objects.requireNonNull(result.forecast());
  }

  private static double logRatio(long measured, long forecast) {
    return measured > 0 && forecast > 0 ? Math.abs(Math.log((double) measured / forecast)) : -1;
  }
}
