package dev.sluice.gateway.core.attempt;

import dev.sluice.gateway.core.prediction.Forecast;
import dev.sluice.gateway.core.request.Budget;

/**
 * How long silence of a backend is borne (faults §5.3).
 *
 * @param firstTokenNanos until the first token; then somebody else is looked for
 * @param lastNanos until the first token when there is nobody else; then the request fails
 * @param stallNanos between tokens
 */
record Patience(long firstTokenNanos, long lastNanos, long stallNanos) {

  private static final long MILLISECOND = 1_000_000;
  private static final long LEAST_FIRST_TOKEN_NANOS = 250 * MILLISECOND;

  /** Longest silence that is borne without need. */
  static final long MOST_NANOS = 5_000 * MILLISECOND;

  /** Half a second above the two of a slow drip that must be let through (faults row 12). */
  private static final long LEAST_STALL_NANOS = 2_500 * MILLISECOND;

  private static final double FIRST_TOKEN_FORECASTS = 4;
  private static final double STALL_FORECASTS = 10;

  /**
   * The patience with an attempt of which {@code forecast} is expected.
   *
   * <p>Never less than twice the forecast, however small the budget and beyond the five seconds: a
   * batch job that was promised its turn in ten seconds is not stalled after five.
   */
  static Patience of(Forecast forecast, Budget budget) {
    double expectedNanos = forecast.firstTokenNanos();
    double wanted = FIRST_TOKEN_FORECASTS * expectedNanos;
    if (budget.firstTokenNanos() > 0) {
      wanted = Math.min(wanted, budget.firstTokenNanos() / 2.0);
    }
    long bounded = (long) Math.clamp(wanted, LEAST_FIRST_TOKEN_NANOS, MOST_NANOS);
    long firstTokenNanos = Math.max(bounded, (long) (2 * expectedNanos));
    long stallNanos =
        (long)
            Math.max(
                Math.clamp(
                    STALL_FORECASTS * forecast.perTokenNanos(), LEAST_STALL_NANOS, MOST_NANOS),
                2 * forecast.perTokenNanos());
    return new Patience(firstTokenNanos, Math.max(MOST_NANOS, 2 * firstTokenNanos), stallNanos);
  }
}
