package dev.sluice.backends.emulated;

/** Time that stands still until a test turns it on, and the engines that follow it. */
final class HandTurnedClock {

  private long nowNanos = 1_000_000_000L;
  final EngineClock engines = new EngineClock(() -> nowNanos, () -> {});

  long nowNanos() {
    return nowNanos;
  }

  /** Runs what was asked for, and nothing more. */
  long settle() {
    return engines.runDue();
  }

  /** Turns the clock on by {@code nanos}, stopping at every instant that something is due. */
  void advance(long nanos) {
    long end = nowNanos + nanos;
    long due = engines.runDue();
    while (due <= end) {
      nowNanos = Math.max(nowNanos, due);
      due = engines.runDue();
    }
    jump(end - nowNanos);
  }

  /** Turns the clock on by {@code nanos} at once, as after a pause of the process. */
  void jump(long nanos) {
    nowNanos += nanos;
    engines.runDue();
  }
}
