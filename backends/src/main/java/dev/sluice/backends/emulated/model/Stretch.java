package dev.sluice.backends.emulated.model;

/**
 * A run of consecutive steps with the same sequences, whose lengths grow evenly because each
 * sequence reads one more key-value token per step.
 *
 * <p>Knowing the sum in closed form lets an engine jump to the next change and still say where it
 * was at any instant before.
 */
final class Stretch {

  private long startNanos;
  private double firstStepNanos;
  private double growthNanos;
  private long steps;

  /** Begins anew at {@code startNanos}: step i, from 0, has {@code firstStep + i·growth} nanos. */
  void begin(long startNanos, double firstStepNanos, double growthNanos, long steps) {
    this.startNanos = startNanos;
    this.firstStepNanos = firstStepNanos;
    this.growthNanos = growthNanos;
    this.steps = steps;
  }

  void end() {
    steps = 0;
  }

  boolean running() {
    return steps > 0;
  }

  long steps() {
    return steps;
  }

  long startNanos() {
    return startNanos;
  }

  long endNanos() {
    return endOf(steps);
  }

  /** Ends the stretch with the first step that ends at or after {@code nanos}. */
  void cutAt(long nanos) {
    if (nanos < endNanos()) {
      long before = stepsBy(nanos);
      steps = before > 0 && endOf(before) == nanos ? before : before + 1;
    }
  }

  /** Steps that have ended by {@code nanos}. */
  long stepsBy(long nanos) {
    long low = 0;
    long high = steps;
    while (low < high) {
      long middle = (low + high + 1) >>> 1;
      if (endOf(middle) <= nanos) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** When the first {@code count} steps have ended. */
  long endOf(long count) {
    double nanos = count * firstStepNanos + growthNanos * count * (count - 1) / 2;
    return startNanos + Math.max(count, (long) nanos);
  }
}
