package dev.sluice.loadtest.report;

/**
 * What became of the requests whose forecast probability lay in one tenth of 0 … 1.
 *
 * @param requests all of them
 * @param met those that kept their budget
 * @param meanForecast mean of their forecasts; 0 when there are none
 */
public record ReliabilityBin(long requests, long met, double meanForecast) {
  public ReliabilityBin {
    if (met < 0 || met > requests) {
      throw new IllegalArgumentException(
          "met: " + met + " (expected: 0 … " + requests + ", the requests)");
    }
    Checks.notNegative("mean forecast", meanForecast);
  }

  double metShare() {
    return (double) met / requests;
  }
}
