package dev.sluice.loadtest.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Forecast probability against what happened, for the requests that were routed with a forecast. A
 * refused request is in none: what it would have met is not known.
 */
final class ReliabilityTally {
  private static final int BINS = 10;

  private final long[] requests = new long[BINS];
  private final long[] met = new long[BINS];
  private final double[] forecasts = new double[BINS];

  void add(SimulatedOutcome outcome) {
    double forecast = outcome.forecastProbability();
    boolean refused =
        outcome.fate() instanceof SimulatedOutcome.Fate.Failed(Ending ending)
            && ending.outcome() == Outcome.REFUSED;
    if (Double.isNaN(forecast) || refused) {
      return;
    }
    int bin = Math.min(BINS - 1, (int) (forecast * BINS));
    requests[bin]++;
    met[bin] += outcome.met() ? 1 : 0;
    forecasts[bin] += forecast;
  }

  /** The ten bins, or none when no request had a forecast. */
  List<ReliabilityBin> bins() {
    List<ReliabilityBin> bins = new ArrayList<>();
    long all = 0;
    for (int bin = 0; bin < BINS; bin++) {
      all += requests[bin];
      double mean = requests[bin] == 0 ? 0 : forecasts[bin] / requests[bin];
      bins.add(new ReliabilityBin(requests[bin], met[bin], mean));
    }
    return all == 0 ? List.of() : bins;
  }
}
