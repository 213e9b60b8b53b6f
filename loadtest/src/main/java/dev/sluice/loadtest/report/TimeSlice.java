package dev.sluice.loadtest.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The requests that arrived in one stretch of a run.
 *
 * @param requests all of them
 * @param met those that kept their budget
 * @param completedByAccelerator those that were answered, by the kind that served them
 */
public record TimeSlice(
    long requests, long met, SequencedMap<String, Long> completedByAccelerator) {
  public TimeSlice {
    completedByAccelerator =
        Collections.unmodifiableSequencedMap(new LinkedHashMap<>(completedByAccelerator));
    if (met < 0 || met > requests) {
      throw new IllegalArgumentException(
          "met: " + met + " (expected: 0 … " + requests + ", the requests)");
    }
  }
}
