package dev.sluice.gateway.call;

import dev.sluice.gateway.core.request.Budget;

/**
 * Who serves a request and what is expected of it.
 *
 * @param backend name of the backend
 * @param accelerator kind of hardware, such as {@code GPU}
 * @param region where it stands; empty: not said
 * @param expectation the forecast
 * @param budget the budget that holds
 */
public record Assignment(
    String backend, String accelerator, String region, Expectation expectation, Budget budget) {

  /**
   * Forecast medians in nanoseconds, the probability that every part of the budget is met, and the
   * times that are kept in nine of ten cases.
   */
  public record Expectation(
      double firstTokenNanos,
      double perTokenNanos,
      double totalNanos,
      double probability,
      double firstTokenP90Nanos,
      double perTokenP90Nanos) {}
}
