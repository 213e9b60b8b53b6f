package dev.sluice.gateway.transport;

import com.google.protobuf.Duration;

/** Nanoseconds as protobuf durations. */
final class Durations {

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private Durations() {}

  static Duration of(long nanos) {
    return Duration.newBuilder()
        .setSeconds(nanos / NANOS_PER_SECOND)
        .setNanos((int) (nanos % NANOS_PER_SECOND))
        .build();
  }
}
