package dev.sluice.gateway.time;

/** A monotonic clock. */
@FunctionalInterface
public interface NanoClock {

  /** Nanoseconds since an arbitrary instant; differences are meaningful, values are not. */
  long nanoTime();

  /** The machine's monotonic clock. */
  static NanoClock system() {
    return System::nanoTime;
  }
}
