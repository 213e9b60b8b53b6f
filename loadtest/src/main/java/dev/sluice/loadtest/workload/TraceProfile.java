package dev.sluice.loadtest.workload;

/**
 * The shape of a stream of requests.
 *
 * @param rows requests
 * @param spanSeconds from the first request to the last
 * @param gapVariation coefficient of variation of the gaps: 1 for Poisson, more for bursts
 * @param followUps requests that are not the first of their conversation
 * @param wholeFollowUps those of them whose conversation is there up to the turn before
 */
public record TraceProfile(
    long rows, double spanSeconds, double gapVariation, long followUps, long wholeFollowUps) {
  /** Requests per second over the span; 0 for a single request. */
  public double meanRate() {
    return spanSeconds > 0 ? rows / spanSeconds : 0;
  }

  /** Share of the requests that are not the first of their conversation. */
  public double followUpShare() {
    return rows == 0 ? 0 : (double) followUps / rows;
  }

  /** Share of those whose conversation is there up to the turn before; 1 without any. */
  public double wholeShare() {
    return followUps == 0 ? 1 : (double) wholeFollowUps / followUps;
  }

  /** The same requests at other times. */
  TraceProfile withGaps(GapMeter gaps) {
    return new TraceProfile(
        gaps.arrivals(), gaps.spanSeconds(), gaps.variation(), followUps, wholeFollowUps);
  }
}
