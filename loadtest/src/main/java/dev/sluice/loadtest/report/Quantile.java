package dev.sluice.loadtest.report;

/** What is known of a quantile among which failures count as values without end. */
public sealed interface Quantile {
  /** Its value. */
  record Known(long nanos) implements Quantile {}

  /** It falls among the failures. */
  record Endless() implements Quantile {}

  /** The sample cannot carry it. */
  record Withheld(int samples, int needed) implements Quantile {}
}
