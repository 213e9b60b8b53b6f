package dev.sluice.loadtest.report;

import org.jspecify.annotations.Nullable;

/**
 * Everything needed to repeat a run.
 *
 * @param kind {@code live} or {@code simulated}
 * @param command the command line
 * @param target what was loaded
 * @param model the model that was asked for
 * @param seed of every draw
 * @param scheduleSha256 checksum of {@code schedule.csv}
 * @param trace where the requests came from; null: they are synthetic
 */
public record RunContext(
    String kind,
    String command,
    String target,
    String model,
    long seed,
    String scheduleSha256,
    @Nullable TraceUse trace) {
  /**
   * The trace behind a schedule.
   *
   * @param requests usable requests in it
   * @param read rows read
   * @param dropped rows that cannot be sent
   */
  public record TraceUse(
      String file, String sha256, int requests, double spanSeconds, int read, int dropped) {}
}
