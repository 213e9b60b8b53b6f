package dev.sluice.loadtest.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What the plots of a run in virtual time show.
 *
 * @param sliceNanos width of a slice
 * @param slices the run by time of arrival, from its start
 * @param reliability forecast against result, by tenths of the forecast; empty: no forecasts
 * @param ttft distribution of the time to first token, failures behind its end
 */
public record PolicyDetail(
    long sliceNanos,
    List<TimeSlice> slices,
    List<ReliabilityBin> reliability,
    List<CdfPoint> ttft) {
  public PolicyDetail {
    slices = List.copyOf(slices);
    reliability = List.copyOf(reliability);
    ttft = List.copyOf(ttft);
    if (sliceNanos < 1) {
      throw new IllegalArgumentException("slice: " + sliceNanos + " ns (expected: 1 or more)");
    }
  }

  /** What each batch adds to the error of the attainment; empty when there are no batches. */
  double[] batchDeviations() {
    double[] met = Intervals.inBatches(slices.stream().mapToDouble(TimeSlice::met).toArray());
    double[] all = Intervals.inBatches(slices.stream().mapToDouble(TimeSlice::requests).toArray());
    return met.length == 0 ? met : Intervals.deviations(met, all);
  }

  /** Half the width of the 95 % interval of the attainment, by batch means. */
  OptionalDouble attainmentHalfWidth() {
    double[] deviations = batchDeviations();
    return deviations.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Intervals.halfWidthOfBatches(Intervals.TAIL, deviations));
  }
}
