package dev.sluice.gateway.time;

import java.time.Instant;

/** The time of day, for what callers are shown; nothing is decided by it. */
@FunctionalInterface
public interface WallClock {

  /** Seconds since the beginning of 1970, UTC. */
  long epochSeconds();

  /** The machine's clock. */
  static WallClock system() {
    return () -> Instant.now().getEpochSecond();
  }
}
