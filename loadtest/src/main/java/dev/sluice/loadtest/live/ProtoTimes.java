package dev.sluice.loadtest.live;

import com.google.protobuf.Duration;

/** Lengths of time on the wire. */
final class ProtoTimes {
  private ProtoTimes() {}

  static Duration toProto(long nanos) {
    return Duration.newBuilder()
        .setSeconds(nanos / 1_000_000_000L)
        .setNanos((int) (nanos % 1_000_000_000L))
        .build();
  }

  static long toNanos(Duration duration) {
    return duration.getSeconds() * 1_000_000_000L + duration.getNanos();
  }
}
