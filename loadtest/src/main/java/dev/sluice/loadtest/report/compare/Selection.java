package dev.sluice.loadtest.report.compare;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Which of the simulated runs are compared.
 *
 * @param firstPolicy the only policy of the first report; empty: any
 * @param secondPolicy the only policy of the second report; empty: any
 * @param rateScale the only rate of both; empty: any
 */
public record Selection(
    Optional<String> firstPolicy, Optional<String> secondPolicy, OptionalDouble rateScale) {
  /** All of them. */
  public static final Selection ALL =
      new Selection(Optional.empty(), Optional.empty(), OptionalDouble.empty());
}
