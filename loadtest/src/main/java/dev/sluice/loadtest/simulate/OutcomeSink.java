package dev.sluice.loadtest.simulate;

/** Takes what became of each request, in the order in which they end. */
@FunctionalInterface
interface OutcomeSink {

  /** Takes one. One that writes throws {@link java.io.UncheckedIOException} when it cannot. */
  void accept(FinishedRequest finished);
}
