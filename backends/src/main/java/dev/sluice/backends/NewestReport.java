package dev.sluice.backends;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest load report of a backend, as long as it says something of now. Thread-safe. */
public final class NewestReport {

  private final long mostAgeNanos;
  private volatile @Nullable Seen seen;

  private record Seen(LoadReport report, long atNanos) {}

  /** None yet; one older than {@code mostAgeNanos} says nothing of now. */
  public NewestReport(long mostAgeNanos) {
    this.mostAgeNanos = mostAgeNanos;
  }

  /** {@code report} came at {@code nowNanos}. */
  public void came(LoadReport report, long nowNanos) {
    seen = new Seen(report, nowNanos);
  }

  /** The newest one, if it is not too old at {@code nowNanos}. */
  public Optional<LoadReport> at(long nowNanos) {
    Seen newest = seen;
    return newest != null && nowNanos - newest.atNanos < mostAgeNanos
        ? Optional.of(newest.report)
        : Optional.empty();
  }
}
