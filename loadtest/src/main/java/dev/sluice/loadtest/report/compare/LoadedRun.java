package dev.sluice.loadtest.report.compare;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run as a report tells it.
 *
 * @param source the report's file
 * @param identity what was replayed, and how
 * @param requests all arrivals
 * @param figures what is known of it; a quantile among the failures is infinite, a withheld one
 *     absent
 * @param slices requests and met ones by time of arrival; empty: not told
 * @param outcomes the file with a line for each request; empty: there is none
 * @param faults why the run is invalid; empty: it is valid
 */
record LoadedRun(
    Path source,
    Identity identity,
    long requests,
    Map<Metric, Double> figures,
    List<Slice> slices,
    Optional<Path> outcomes,
    List<String> faults) {
  /**
   * What was replayed, and how.
   *
   * @param live whether in real time
   * @param name the policy, or the target of a live run
   * @param seed of every draw
   * @param rateScale load in multiples of the trace's own; 1 for a live run
   * @param traceSha256 checksum of the trace; empty: none
   * @param scheduleSha256 checksum of the schedule; empty: not told
   */
  record Identity(
      boolean live,
      String name,
      long seed,
      double rateScale,
      String traceSha256,
      String scheduleSha256) {
    /** Whether the requests were the same, as far as the reports tell. */
    boolean sameRequests(Identity other) {
      if (live && other.live) {
        return !scheduleSha256.isEmpty() && scheduleSha256.equals(other.scheduleSha256);
      }
      return !traceSha256.isEmpty()
          && traceSha256.equals(other.traceSha256)
          && seed == other.seed
          && rateScale == other.rateScale;
    }
  }

  /** Requests that arrived in one stretch of time. */
  record Slice(double requests, double met) {}

  LoadedRun {
    figures = Collections.unmodifiableMap(new EnumMap<>(figures));
    slices = List.copyOf(slices);
    faults = List.copyOf(faults);
  }

  /** The figure. */
  double figure(Metric metric) throws ReportException {
    Double figure = figures.get(metric);
    if (figure == null) {
      throw new ReportException(
          "%s: no %s (expected: one, from a run with enough requests)"
              .formatted(source, metric.key()));
    }
    return figure;
  }
}
