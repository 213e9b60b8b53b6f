package dev.sluice.loadtest.workload;

/**
 * Span and variation of the gaps between arrivals that come in order.
 *
 * <p>Mean and squares are kept up to date by Welford's method ("Note on a method for calculating
 * corrected sums of squares and products", 1962), which does not lose digits on long traces.
 */
final class GapMeter {
  private long arrivals;
  private long firstNanos;
  private long lastNanos;
  private double mean;
  private double squares;

  void add(long atNanos) {
    if (arrivals == 0) {
      firstNanos = atNanos;
    } else {
      double gap = atNanos - lastNanos;
      double difference = gap - mean;
      mean += difference / arrivals;
      squares += difference * (gap - mean);
    }
    lastNanos = atNanos;
    arrivals++;
  }

  long arrivals() {
    return arrivals;
  }

  double spanSeconds() {
    return (lastNanos - firstNanos) / 1e9;
  }

  /** Coefficient of variation of the gaps; 0 when there are none. */
  double variation() {
    return mean == 0 ? 0 : Math.sqrt(squares / (arrivals - 1)) / mean;
  }
}
